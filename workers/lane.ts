import sharp from 'sharp';
import { join } from 'node:path';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createVideoTools } from '../adapters/ffmpeg/video-tools.js';
import { type Config, readConfig } from '../config.js';
import { AppError, messageOf } from '../domain/errors.js';
import type { LaneResult, LocalModel } from '../domain/ports.js';
import { type Detector, openDetector } from '../models/detector.js';
import { readFrame } from '../models/read-image.js';
import { detectJob, type DetectJobDeps } from './detect-job.js';
import { ALIVE_MS, type FromLane, type LaneFailure, type ToLane } from './lane-messages.js';

/** Progress is told at most so often. */
const REPORT_MS = 250;

const running = new Map<number, AbortController>();

function tell(message: FromLane): void {
  process.send?.(message);
}

/** One session per model that is in use; models of this process are never loaded twice. */
function createDetectors({ laneThreads, device }: Config) {
  const open = new Map<string, Promise<Detector>>();
  return ({ manifest, path }: LocalModel): Promise<Detector> => {
    // Two versions may be the same bytes, fed or read in another way.
    const key = `${manifest.name}@${manifest.version} ${manifest.sha256}`;
    const known = open.get(key);
    if (known) return known;
    const options = { manifest, modelPath: path, threads: laneThreads, device };
    const opened = openDetector(options);
    open.set(key, opened);
    opened.catch(() => open.delete(key));
    return opened;
  };
}

async function work(deps: DetectJobDeps, task: Exclude<ToLane, { type: 'cancel' }>): Promise<void> {
  const { id } = task;
  const controller = new AbortController();
  running.set(id, controller);
  const alive = setInterval(() => tell({ type: 'alive' }), ALIVE_MS);
  let reportedAt = 0;
  const onFrame = (done: number) => {
    if (Date.now() - reportedAt < REPORT_MS) return;
    reportedAt = Date.now();
    tell({ type: 'frames', id, done });
  };
  try {
    const result =
      task.type === 'load'
        ? await load(deps, task.model)
        : await detectJob(deps, task.job, onFrame, controller.signal);
    tell({ type: 'done', id, result });
  } catch (error) {
    tell({ type: 'failed', id, error: failureOf(error) });
  } finally {
    clearInterval(alive);
    running.delete(id);
  }
}

/** Opening a detector runs its network once. */
async function load(deps: DetectJobDeps, model: LocalModel): Promise<LaneResult> {
  await deps.detectorFor(model);
  return { rows: [], skipped: [] };
}

function failureOf(error: unknown): LaneFailure {
  const known = error instanceof AppError ? error : undefined;
  return { code: known?.code, message: messageOf(error), facts: known?.facts ?? {} };
}

async function main(): Promise<void> {
  const config = readConfig();
  sharp.concurrency(1);
  sharp.cache(false);
  const deps: DetectJobDeps = {
    objects: createObjectStore(config.objectStore),
    tools: await createVideoTools(config.ffmpeg, join(config.scratchDir, 'detect-worker')),
    readJpeg: readFrame,
    detectorFor: createDetectors(config),
  };
  process.on('message', (message: ToLane) => {
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else void work(deps, message);
  });
  // The worker is gone: nobody waits for this lane's work, and its decoders end with it.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  tell({ type: 'ready' });
}

await main();
