import { log } from '@temporalio/activity';
import type { RenderedVideo, ReelInput } from '../domain/job/activity-contracts.js';
import { AppError } from '../domain/errors.js';
import { noResult, readPlan } from '../domain/job/job-store.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { type Comparison, diffLines, openComparison } from '../domain/result/diff/diff-results.js';
import { drawReel, REEL_CAPTION_LINES } from '../domain/result/diff/draw-reel.js';
import { listReelFrames, REEL_FRAME_MS } from '../domain/result/diff/reel-frames.js';
import { readReelSource } from '../domain/result/diff/reel-source.js';
import type { SampledFrame } from '../domain/video/frame-range.js';
import type { VideoSource } from '../domain/video/plan.js';
import { renderedFrom } from '../domain/video/render.js';
import { createPlanReader } from './plan-reader.js';
import { markReel, removeIfUnused } from './reel-store.js';
import { finishedJob } from './rendered-job.js';
import { type RenderContent, storeRender, type StoreRenderDeps } from './store-render.js';

/** Renders the frames in which two results of a video differ, unless such a reel exists. */
export async function renderReel(deps: StoreRenderDeps, reel: ReelInput): Promise<RenderedVideo> {
  const { objects } = deps;
  await expectResults(objects, reel);
  const place = { bucket: BUCKETS.results, key: keys.reel(reel) };
  const madeFrom = await readReelSource(objects, reel);
  if (await renderedFrom(objects, place.key, madeFrom)) return place;
  const comparison = await openComparison(objects, reel, {
    confA: reel.conf_a,
    confB: reel.conf_b,
  });
  const job = { ...(await finishedJob(objects, reel.a)), madeFrom, event_id: reel.a };
  await expectVideo(objects, job.video);
  await markReel(objects, reel);
  try {
    await storeRender(deps, job, place, (signal) => readContent(objects, comparison, signal));
  } catch (error) {
    await removeIfUnused(objects, reel);
    throw error;
  }
  // A deletion of a job finds the reel by its marks, or has removed the result before.
  await expectResults(objects, reel);
  log.info('reel rendered', { ...reel });
  return place;
}

async function expectResults(objects: ObjectStore, reel: ReelInput): Promise<void> {
  const missing = await removeIfUnused(objects, reel);
  if (missing !== undefined) throw noResult(missing);
}

/** A host may still have a copy of a video that was deleted or replaced. */
async function expectVideo(
  objects: ObjectStore,
  { bucket, key, etag }: VideoSource,
): Promise<void> {
  const found = await objects.stat(bucket, key);
  if (found?.etag === etag) return;
  const place = `The video ${bucket}/${key}`;
  throw found
    ? new AppError(
        'VIDEO_CHANGED',
        `${place} was replaced since the jobs ran. Run both again, and compare those.`,
        { key },
      )
    : new AppError('VIDEO_NOT_FOUND', `${place} no longer exists, so its frames cannot be shown.`, {
        key,
      });
}

async function readContent(
  objects: ObjectStore,
  comparison: Comparison,
  signal: AbortSignal,
): Promise<RenderContent> {
  // The results are read twice, so that only the numbers of the frames are in memory.
  const lines = () => diffLines(objects, comparison, { onlyDifferent: true, signal });
  const frames = await listReelFrames(lines());
  return {
    frameCount: frames.length,
    overlay: { drawings: drawReel(lines(), comparison), captionLines: REEL_CAPTION_LINES },
    stills: {
      frames: await findFrames(objects, comparison.a.event_id, frames),
      shownMs: REEL_FRAME_MS,
    },
  };
}

/** Adds the PTS of frames, from the table of a job. */
async function findFrames(
  objects: ObjectStore,
  eventId: string,
  frames: readonly number[],
): Promise<readonly SampledFrame[]> {
  const plan = await readPlan(objects, eventId);
  if (!plan) throw noResult(eventId);
  const wanted = new Set(frames);
  const reader = createPlanReader(objects);
  const found: SampledFrame[] = [];
  for (const range of plan.ranges) {
    if (!frames.some((frame) => frame >= range.from && frame < range.to)) continue;
    const sampled = await reader.frames(plan, range);
    found.push(...sampled.filter(({ frame }) => wanted.has(frame)));
  }
  return found;
}
