import { AppError } from '../domain/errors.js';
import { findResult, readPlan } from '../domain/job/job-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { FrameIdentity } from '../domain/video/frame-range.js';
import type { ResultHeader } from '../domain/result/result.js';
import { readResultEnds } from '../domain/result/read-result.js';

/** Maximum size of a render: the size of the source times `GROWTH`, plus `SLACK_BYTES`, ... */
const GROWTH = 4;
const SLACK_BYTES = 256 * 1024 ** 2;
/** ... but at most this. */
const MAX_BYTES = 12 * 1024 ** 3;

/** Source of a render. */
export interface RenderedJob extends Pick<ResultHeader, 'video' | 'parameters' | 'model'> {
  readonly identity: FrameIdentity;
  /** Etag of the object that determines the content of the render. */
  readonly madeFrom: string;
  readonly maxBytes: number;
}

/** Room that a render needs besides its maximum size, in bytes: its overlay. */
export const OVERLAY_BYTES = SLACK_BYTES;

/** Returns the source of a render that needs the result. @throws AppError `JOB_NOT_FOUND`. */
export async function finishedJob(objects: ObjectStore, eventId: string): Promise<RenderedJob> {
  const found = await findResult(objects, eventId);
  const ends = await readResultEnds(objects, eventId);
  if (!found || !ends)
    throw new AppError(
      'JOB_NOT_FOUND',
      `Job ${eventId} has no result yet. Wait until it is ready.`,
    );
  const { video, parameters, model } = ends.header;
  // A plan is deleted with its result, not before.
  const identity = (await readPlan(objects, eventId))?.identity ?? 'pts';
  const maxBytes = await roomFor(objects, video);
  return { video, identity, parameters, model, madeFrom: found.etag, maxBytes };
}

/** A preview needs only the plan, which exists as soon as the video is probed. */
export async function anyJob(objects: ObjectStore, eventId: string): Promise<RenderedJob> {
  const plan = await readPlan(objects, eventId);
  if (!plan) return previewOf(await finishedJob(objects, eventId));
  const video = { ...plan.source, ...plan.video };
  const { parameters, model, identity } = plan;
  const maxBytes = await roomFor(objects, video);
  return { video, identity, parameters, model, madeFrom: video.etag, maxBytes };
}

function previewOf(job: RenderedJob): RenderedJob {
  return { ...job, madeFrom: job.video.etag };
}

async function roomFor(objects: ObjectStore, { bucket, key }: ResultHeader['video']) {
  const size = (await objects.stat(bucket, key))?.size ?? 0;
  return Math.min(GROWTH * size + SLACK_BYTES, MAX_BYTES);
}
