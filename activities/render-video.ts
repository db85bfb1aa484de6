import { log } from '@temporalio/activity';
import { AppError } from '../domain/errors.js';
import { withDisplayTime } from '../domain/export/rows-with-duration.js';
import { findResult, readPlan } from '../domain/job/job-store.js';
import { readClasses } from '../domain/model/model-classes.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch, SourceCache } from '../domain/ports/scratch.js';
import type { Overlay, VideoRenderer } from '../domain/ports/video-renderer.js';
import { createPalette } from '../domain/result/class-colours.js';
import type { FrameIdentity } from '../domain/video/frame-range.js';
import { MADE_FROM, renderedFrom } from '../domain/video/render.js';
import type { ResultHeader } from '../domain/result/result.js';
import { readResultEnds, readResultFrames } from '../domain/result/read-result.js';
import type {
  RenderedVideo,
  RenderInput,
  RenderProgress,
} from '../domain/job/activity-contracts.js';
import { withHeartbeat } from './heartbeat.js';
import { logDownload } from './log-download.js';

export interface RenderVideoDeps {
  readonly objects: ObjectStore;
  readonly scratch: Scratch;
  readonly sources: SourceCache;
  readonly renderer: VideoRenderer;
  readonly models: Pick<ModelRegistry, 'resolve'>;
}

/** Maximum size of a render: the size of the source times `GROWTH`, plus `SLACK_BYTES`, ... */
const GROWTH = 4;
const SLACK_BYTES = 256 * 1024 ** 2;
/** ... but at most this. */
const MAX_BYTES = 12 * 1024 ** 3;

/** Renders the video of a job, unless a render of the same source exists. */
export async function renderVideo(
  deps: RenderVideoDeps,
  { event_id, kind }: RenderInput,
): Promise<RenderedVideo> {
  const { objects } = deps;
  const place = { bucket: BUCKETS.results, key: keys.render(event_id, kind) };
  const job =
    kind === 'annotated' ? await finishedJob(objects, event_id) : await anyJob(objects, event_id);
  if (await renderedFrom(objects, place.key, job.madeFrom)) return place;
  await withHeartbeat(({ signal, report }) =>
    deps.scratch.attempt(job.maxBytes + SLACK_BYTES, async (folder) => {
      const source = await deps.sources.link(job.video, folder, signal, logDownload(event_id));
      const progress = progressOf(job.video.frame_count, report);
      const overlay = kind === 'annotated' ? await overlayOf(deps, event_id, job) : undefined;
      const path = await deps.renderer.render({
        ...{ source, folder, video: job.video, identity: job.identity, overlay, signal },
        maxBytes: job.maxBytes,
        onFrames: progress,
      });
      signal.throwIfAborted();
      const metadata = { [MADE_FROM]: job.madeFrom };
      await objects.putFile(place.bucket, place.key, path, { contentType: 'video/mp4', metadata });
    }),
  );
  log.info('video rendered', { event: event_id, kind });
  return place;
}

async function overlayOf(
  { objects, models }: RenderVideoDeps,
  eventId: string,
  job: RenderedJob,
): Promise<Overlay> {
  return {
    rows: withDisplayTime(readResultFrames(objects, eventId), job),
    colourOf: createPalette(await readClasses(models, job.model)),
  };
}

/** Source of a render. */
interface RenderedJob extends Pick<ResultHeader, 'video' | 'parameters' | 'model'> {
  readonly identity: FrameIdentity;
  /** Etag of the object that determines the content of the render. */
  readonly madeFrom: string;
  readonly maxBytes: number;
}

async function finishedJob(objects: ObjectStore, eventId: string): Promise<RenderedJob> {
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
async function anyJob(objects: ObjectStore, eventId: string): Promise<RenderedJob> {
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

function progressOf(frames_total: number, report: (progress: RenderProgress) => void) {
  report({ frames_done: 0, frames_total });
  return (frames_done: number) => report({ frames_done, frames_total });
}
