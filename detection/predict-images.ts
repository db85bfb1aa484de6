import { pMapIterable } from 'p-map';
import { AppError, hasCode, messageOf } from '../domain/errors.js';
import type { ImageFindings } from '../domain/image-batch/image-row.js';
import type { ImagesJob, ImagesResult, NumberedImage } from '../domain/ports/lanes.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { createRecovery, endsLane, SKIP_REASONS } from '../domain/recovery/recovery.js';
import { type TaskModel, toFindings } from '../models/open-for-task.js';
import { readImage, readPixels } from '../models/preprocess/displayed-image.js';
import type { DetectRangeOptions } from './detect-range.js';
import { openMarker } from './in-flight-marker.js';
import { readListedImage } from './read-listed-image.js';

export interface ImageLimits {
  /** Maximum size of an image in bytes. */
  readonly maxBytes: number;
  /** Maximum number of pixels. */
  readonly maxPixels: number;
}

export interface PredictImagesDeps {
  readonly objects: Pick<ObjectStore, 'find' | 'stat' | 'getRange'>;
  readonly limits: ImageLimits;
  readonly task: TaskModel;
}

/** Number of images that are fetched while one is decoded and inferred. */
const READ_AHEAD = 4;
/** Options of detection without a field in the request; those of `POST /predict`. */
const DETECT_OPTIONS = { iou: 0.45, maxDetections: 300, masks: false } as const;

/**
 * Predicts on the images of a job, one after another. An invalid image has an error in the result. The
 * image that is decoded and inferred is recorded in the folder of the attempt.
 */
export async function predictImages(
  { objects, limits, task }: PredictImagesDeps,
  job: ImagesJob,
  { signal, onFrames }: DetectRangeOptions,
): Promise<ImagesResult> {
  const marker = openMarker(job.folder);
  const images: ImageFindings[] = [];
  const times: number[] = [];
  const fetch = async (image: NumberedImage) => {
    const deps = { objects, maxBytes: limits.maxBytes };
    const data = readListedImage(deps, job.bucket, image, signal);
    return { number: image.number, data: await data.catch(toImageError) };
  };
  try {
    const fetched = pMapIterable(job.images, fetch, { concurrency: READ_AHEAD });
    for await (const { number, data } of fetched) {
      signal.throwIfAborted();
      marker.begin([number]);
      const start = process.cpuUsage();
      const findings = 'error' in data ? data : await predictOne({ limits, task }, job, data);
      marker.end();
      if (!('error' in findings)) times.push(elapsedCpuMs(start));
      images.push(findings);
      onFrames(images.length);
    }
  } finally {
    marker.close();
  }
  return { images, ...(times.length > 0 && { fastestMs: Math.min(...times) }) };
}

function elapsedCpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Predicts on an image; if the inference throws, it is repeated once. */
async function predictOne(
  { limits: { maxPixels }, task }: Omit<PredictImagesDeps, 'objects'>,
  { conf, model }: ImagesJob,
  data: Buffer,
): Promise<ImageFindings> {
  try {
    const image = await readImage(data, { isFrame: false, maxPixels });
    const { size } = image;
    const bytes = await readPixels(image, task.contentSize(size));
    const infer = () =>
      task.predict({ layout: 'pixels', bytes }, size, { ...DETECT_OPTIONS, conf });
    const prediction = await inferTwice(infer);
    if ('error' in prediction) return prediction;
    return { size, found: toFindings(prediction, size, model.manifest.labels) };
  } catch (error) {
    return toImageError(error);
  }
}

async function inferTwice<T>(infer: () => Promise<T>): Promise<T | { readonly error: string }> {
  const recovery = createRecovery();
  for (;;) {
    try {
      return await infer();
    } catch (error) {
      if (endsLane(error)) throw error;
      if (recovery.next('frameThrows') === 'infer-again') continue;
      return { error: SKIP_REASONS.throws(messageOf(error)) };
    }
  }
}

/** Returns the error of an image. @throws any other error. */
function toImageError(error: unknown): { readonly error: string } {
  const isOfImage = hasCode(error, 'DECODE_FAILED') || hasCode(error, 'LIMIT_EXCEEDED');
  if (!isOfImage || !(error instanceof AppError)) throw error;
  // Further lines of a library's message are noise.
  return { error: error.message.split('\n')[0]! };
}
