import { log } from '@temporalio/activity';
import { type TimedRow, withDisplayTime } from '../domain/export/rows-with-duration.js';
import type { ClipInput, RenderedVideo } from '../domain/job/activity-contracts.js';
import { noResult, readPlan } from '../domain/job/job-store.js';
import { readClasses } from '../domain/model/model-classes.js';
import { BUCKETS, type ClipBoxes, keys } from '../domain/names.js';
import type { Overlay } from '../domain/ports/video-renderer.js';
import { createPalette } from '../domain/result/class-colours.js';
import { readResultFrames } from '../domain/result/read-result.js';
import { findClipFrames } from '../domain/video/clip-frames.js';
import { drawObjects } from '../domain/video/draw-objects.js';
import { renderedFrom } from '../domain/video/render.js';
import { markClip, removeIfDeleted } from './clip-store.js';
import type { RenderVideoDeps } from './render-video.js';
import { finishedJob, type RenderedJob } from './rendered-job.js';
import { storeRender } from './store-render.js';

/** Renders a span of the video of a job, unless such a clip exists. */
export async function renderClip(deps: RenderVideoDeps, clip: ClipInput): Promise<RenderedVideo> {
  const { objects } = deps;
  const { event_id } = clip;
  const place = { bucket: BUCKETS.results, key: keys.clip(clip) };
  const job = { ...(await finishedJob(objects, event_id)), event_id };
  if (await renderedFrom(objects, place.key, job.madeFrom)) return place;
  const plan = await readPlan(objects, event_id);
  if (!plan) throw noResult(event_id);
  const frames = await findClipFrames(objects, plan, clip);
  await markClip(objects, clip);
  let isDeleted: boolean;
  try {
    await storeRender(deps, job, place, async () => ({
      ...{ frameCount: frames.to - frames.from, clip: frames },
      ...(clip.boxes !== 'none' && { overlay: await overlayOf(deps, clip, job) }),
    }));
  } finally {
    // A deletion of the job finds the clip by its mark, or has removed the result before.
    isDeleted = await removeIfDeleted(objects, clip);
  }
  if (isDeleted) throw noResult(event_id);
  log.info('clip rendered', { ...clip });
  return place;
}

async function overlayOf(
  { objects, models }: RenderVideoDeps,
  clip: ClipInput,
  job: RenderedJob,
): Promise<Overlay> {
  const rows = withDisplayTime(readResultFrames(objects, clip.event_id), job);
  const palette = createPalette(await readClasses(models, job.model));
  return { drawings: drawObjects(rowsOf(rows, clip), palette) };
}

/** The rows that are shown in a clip, with the objects that are drawn. */
async function* rowsOf(
  rows: AsyncIterable<TimedRow>,
  { from_ms, to_ms, boxes }: ClipInput,
): AsyncGenerator<TimedRow> {
  const track = trackOf(boxes);
  for await (const timed of rows) {
    if (timed.fromMs >= to_ms) return;
    if (timed.toMs <= from_ms) continue;
    if (track === undefined) yield timed;
    else {
      const objects = timed.row.objects.filter(({ track_id }) => track_id === track);
      yield { ...timed, row: { ...timed.row, objects } };
    }
  }
}

/** @example trackOf('track-7') // 7 */
function trackOf(boxes: ClipBoxes): number | undefined {
  return boxes === 'all' || boxes === 'none' ? undefined : Number(boxes.slice('track-'.length));
}
