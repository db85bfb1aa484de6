import sharp from 'sharp';
import { join } from 'node:path';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createVideoTools } from '../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../config/index.js';
import { readFrame, blockOtherLoaders } from '../models/preprocess/read-image.js';
import { type LaneModel, openLaneModel, runLaneJob } from './lane-model.js';
import type { WorkerJob, WorkerResult } from './worker-lanes.js';
import type { FrameReaderDeps } from './frame-reader.js';
import { collectMeasures } from '../lanes/lane-measures.js';
import { type LaneWork, serveLane } from '../lanes/serve.js';

/** Starts a lane of the detect worker: a process that runs one model on ranges and images. */
async function main(): Promise<void> {
  const { laneThreads: threads, device, batch, images, ...config } = readConfig();
  sharp.concurrency(1);
  sharp.cache(false);
  blockOtherLoaders();
  const measures = collectMeasures();
  const scratch = join(config.scratchDir, 'detect-worker');
  const deps: FrameReaderDeps = {
    objects: createObjectStore(config.objectStore),
    tools: await createVideoTools(config.ffmpeg, scratch, measures.ffmpegRan),
    readJpeg: readFrame,
  };
  const limits = { maxBytes: images.maxBytes, maxPixels: config.ffmpeg.maxPixels };
  const work: LaneWork<LaneModel, WorkerJob, WorkerResult> = {
    load: ({ path: modelPath, ...model }, events) =>
      openLaneModel({ ...model, modelPath, threads, device, batch, ...events }),
    run: (model, job, options) => runLaneJob({ ...deps, limits, model }, job, options),
  };
  serveLane(work, measures);
}

await main();
