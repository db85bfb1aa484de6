import sharp from 'sharp';
import { join } from 'node:path';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createVideoTools } from '../adapters/ffmpeg/video-tools.js';
import { type Config, readConfig } from '../config.js';
import { AppError, messageOf } from '../domain/errors.js';
import type { LaneJob, LocalModel } from '../domain/ports.js';
import { type Detector, openDetector } from '../models/detector.js';
import { readFrame, shutOtherLoaders } from '../models/read-image.js';
import { detectJob } from './detect-job.js';
import type { FrameReaderDeps } from './frame-reader.js';
import { ALIVE_MS, type FromLane, type LaneFailure, type ToLane } from './lane-messages.js';

/** Progress is told at most so often. */
const REPORT_MS = 250;

const running = new Map<number, AbortController>();

function tell(message: FromLane): void {
  process.send?.(message);
}

/** Opens the only network of this process; opening runs it once. */
async function load(
  { laneThreads: threads, device, batch }: Config,
  { manifest, path }: LocalModel,
): Promise<Detector> {
  const onSmallerBatch = (size: number, reason: string) =>
    tell({ type: 'smaller-batch', size, reason });
  return openDetector({ manifest, modelPath: path, threads, device, batch, onSmallerBatch });
}

/** Tells that this process lives while it is at work. */
async function sayingAlive<T>(work: () => Promise<T>): Promise<T> {
  const alive = setInterval(() => tell({ type: 'alive' }), ALIVE_MS);
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}

async function detect(
  deps: FrameReaderDeps,
  detector: Detector,
  id: number,
  job: LaneJob,
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  let reportedAt = 0;
  const onFrame = (done: number) => {
    if (Date.now() - reportedAt < REPORT_MS) return;
    reportedAt = Date.now();
    tell({ type: 'frames', id, done });
  };
  try {
    const result = await sayingAlive(() =>
      detectJob({ ...deps, detector }, job, onFrame, controller.signal),
    );
    tell({ type: 'done', id, result });
  } catch (error) {
    tell({ type: 'failed', id, error: failureOf(error) });
  } finally {
    running.delete(id);
  }
}

function failureOf(error: unknown): LaneFailure {
  const known = error instanceof AppError ? error : undefined;
  return { code: known?.code, message: messageOf(error), facts: known?.facts ?? {} };
}

async function main(): Promise<void> {
  const config = readConfig();
  sharp.concurrency(1);
  sharp.cache(false);
  shutOtherLoaders();
  const deps: FrameReaderDeps = {
    objects: createObjectStore(config.objectStore),
    tools: await createVideoTools(config.ffmpeg, join(config.scratchDir, 'detect-worker')),
    readJpeg: readFrame,
  };
  let detector: Detector | undefined;
  const loadOnce = async (model: LocalModel) => {
    try {
      detector = await sayingAlive(() => load(config, model));
      tell({ type: 'loaded' });
    } catch (error) {
      tell({ type: 'unloadable', error: failureOf(error) });
    }
  };
  process.on('message', (message: ToLane) => {
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else if (message.type === 'load') void loadOnce(message.model);
    else if (detector) void detect(deps, detector, message.id, message.job);
  });
  // The worker is gone: nobody waits for this lane's work, and its decoders end with it.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

await main();
