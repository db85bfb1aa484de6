import sharp from 'sharp';
import { readConfig } from '../../config/index.js';
import { blockOtherLoaders } from '../../models/preprocess/read-image.js';
import { serveLane } from '../../lanes/serve.js';
import type { ImageJob, ImageResult } from './image-job.js';
import { type ImageModel, openImageModel } from './image-model.js';

const { laneThreads: threads, device } = readConfig();
sharp.concurrency(1);
sharp.cache(false);
blockOtherLoaders();
/** Process of the API that runs one model on images. */
serveLane<ImageModel, ImageJob, ImageResult>({
  load: ({ path: modelPath, ...model }, { onInference }) =>
    openImageModel({ ...model, modelPath, threads, device, onInference }),
  run: (predict, job, { signal }) => predict(job, signal),
});
