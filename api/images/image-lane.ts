import sharp from 'sharp';
import { readConfig } from '../../config.js';
import { serveLane } from '../../workers/serve-lane.js';
import type { ImageJob, ImageResult } from './image-job.js';
import { type Look, openLook } from './look.js';
import { allowPictures } from './read-picture.js';

const { laneThreads: threads, device } = readConfig();
sharp.concurrency(1);
sharp.cache(false);
allowPictures();
/** A process of the API that looks at pictures with one network. */
serveLane<Look, ImageJob, ImageResult>({
  load: ({ manifest, path }) =>
    openLook({ task: manifest.task, manifest, modelPath: path, threads, device }),
  run: (look, job) => look(job),
});
