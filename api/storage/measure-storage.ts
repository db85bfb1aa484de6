import { BUCKETS, IMAGE_BATCHES_PREFIX, isId } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** Bytes that a job has stored. */
export interface JobBytes {
  readonly event_id: string;
  readonly bytes: number;
}

/** Bytes in the object store. */
export interface StoredBytes {
  /** ISO 8601. */
  readonly measured_at: string;
  readonly jobs_bytes: number;
  /** Uploads, lists, parts and tables of batches of images. */
  readonly image_batches_bytes: number;
  readonly videos_bytes: number;
  readonly models_bytes: number;
  /** Jobs with the most bytes, the largest first. */
  readonly largest_jobs: readonly JobBytes[];
}

/** Number of jobs that are listed. */
const LARGEST = 10;

/** Adds up the sizes of all objects, by job. */
export async function measureStorage(
  objects: Pick<ObjectStore, 'listSizes'>,
  now: Date,
): Promise<StoredBytes> {
  const byJob = new Map<string, number>();
  let imageBatches = 0;
  for (const bucket of [BUCKETS.results, BUCKETS.frames]) {
    for await (const { key, size } of objects.listSizes(bucket, '')) {
      const job = jobOfKey(key);
      if (key.startsWith(IMAGE_BATCHES_PREFIX)) imageBatches += size;
      else if (job !== undefined) byJob.set(job, (byJob.get(job) ?? 0) + size);
    }
  }
  const jobs = [...byJob].map(([event_id, bytes]) => ({ event_id, bytes }));
  jobs.sort((a, b) => b.bytes - a.bytes || (a.event_id < b.event_id ? -1 : 1));
  return {
    measured_at: now.toISOString(),
    jobs_bytes: jobs.reduce((sum, { bytes }) => sum + bytes, 0),
    image_batches_bytes: imageBatches,
    videos_bytes: await bytesIn(objects, BUCKETS.videos),
    models_bytes: await bytesIn(objects, BUCKETS.models),
    largest_jobs: jobs.slice(0, LARGEST),
  };
}

/** @example jobOfKey('parts/e1/3.jsonl') // 'e1'; jobOfKey('results/e1.preview.mp4') // 'e1' */
function jobOfKey(key: string): string | undefined {
  const id = key.split('/')[1]?.split('.')[0];
  return isId(id) ? id : undefined;
}

async function bytesIn(objects: Pick<ObjectStore, 'listSizes'>, bucket: string): Promise<number> {
  let sum = 0;
  for await (const { size } of objects.listSizes(bucket, '')) sum += size;
  return sum;
}
