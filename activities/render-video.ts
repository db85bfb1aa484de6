import { log } from '@temporalio/activity';
import { withDisplayTime } from '../domain/export/rows-with-duration.js';
import { readClasses } from '../domain/model/model-classes.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { Overlay } from '../domain/ports/video-renderer.js';
import { createPalette } from '../domain/result/class-colours.js';
import { drawObjects } from '../domain/video/draw-objects.js';
import { renderedFrom } from '../domain/video/render.js';
import { readPts } from '../domain/video/clip-frames.js';
import { SPRITE_METADATA } from '../domain/video/sprite.js';
import { readResultFrames } from '../domain/result/read-result.js';
import type { RenderedVideo, RenderInput } from '../domain/job/activity-contracts.js';
import { anyJob, finishedJob, type RenderedJob } from './rendered-job.js';
import { progressOf, storeFile, storeRender, type StoreRenderDeps } from './store-render.js';

export interface RenderVideoDeps extends StoreRenderDeps {
  readonly models: Pick<ModelRegistry, 'resolve'>;
}

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
  const rendered = { ...job, event_id };
  if (kind === 'sprite') await storeSprite(deps, rendered, place);
  else
    await storeRender(deps, rendered, place, async () => {
      const frameCount = job.video.frame_count;
      if (kind === 'preview') return { frameCount };
      return { frameCount, overlay: await overlayOf(deps, event_id, job) };
    });
  log.info('video rendered', { event: event_id, kind });
  return place;
}

async function storeSprite(
  deps: StoreRenderDeps,
  job: RenderedJob & { readonly event_id: string },
  place: RenderedVideo,
): Promise<void> {
  const { video, identity } = job;
  const lastPts = await readPts(deps.objects, job, video.frame_count - 1);
  await storeFile(deps, job, place, async ({ report, ...from }) => {
    const onFrames = progressOf(1, report);
    const request = { ...from, video, identity, lastPts, onFrames };
    const { path, sprite } = await deps.renderer.renderSprite(request);
    const metadata = { [SPRITE_METADATA]: JSON.stringify(sprite) };
    return { path, contentType: 'image/jpeg', metadata };
  });
}

async function overlayOf(
  { objects, models }: RenderVideoDeps,
  eventId: string,
  job: RenderedJob,
): Promise<Overlay> {
  const rows = withDisplayTime(readResultFrames(objects, eventId), job);
  return { drawings: drawObjects(rows, createPalette(await readClasses(models, job.model))) };
}
