import sharp from 'sharp';
import { join } from 'node:path';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createVideoTools } from '../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../config/index.js';
import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import { type Detector, openDetector } from '../models/detector.js';
import { readFrame, blockOtherLoaders } from '../models/preprocess/read-image.js';
import { detectRange } from './detect-range.js';
import type { FrameReaderDeps } from './frame-reader.js';
import { serveLane } from '../lanes/serve.js';

/** Starts a lane of the detect worker: a process that detects ranges with one model. */
async function main(): Promise<void> {
  const { laneThreads: threads, device, batch, ...config } = readConfig();
  sharp.concurrency(1);
  sharp.cache(false);
  blockOtherLoaders();
  const deps: FrameReaderDeps = {
    objects: createObjectStore(config.objectStore),
    tools: await createVideoTools(config.ffmpeg, join(config.scratchDir, 'detect-worker')),
    readJpeg: readFrame,
  };
  serveLane<Detector, LaneJob, LaneResult>({
    load: ({ manifest, path }, onSmallerBatch) =>
      openDetector({ manifest, modelPath: path, threads, device, batch, onSmallerBatch }),
    run: (detector, job, options) => detectRange({ ...deps, detector }, job, options),
  });
}

await main();
