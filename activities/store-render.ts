import type { RenderedVideo, RenderProgress } from '../domain/job/activity-contracts.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch, SourceCache } from '../domain/ports/scratch.js';
import type { RenderRequest, VideoRenderer } from '../domain/ports/video-renderer.js';
import { MADE_FROM } from '../domain/video/render.js';
import { withHeartbeat } from './heartbeat.js';
import { logDownload } from './log-download.js';
import { OVERLAY_BYTES, type RenderedJob } from './rendered-job.js';

export interface StoreRenderDeps {
  readonly objects: ObjectStore;
  readonly scratch: Scratch;
  readonly sources: SourceCache;
  readonly renderer: VideoRenderer;
}

/** What a render draws, and of which frames. */
export interface RenderContent extends Pick<RenderRequest, 'overlay' | 'stills'> {
  readonly frameCount: number;
}

/**
 * Renders the video of a job and stores it.
 * @param prepare returns what is rendered, after the source was downloaded
 */
export async function storeRender(
  { objects, scratch, sources, renderer }: StoreRenderDeps,
  job: RenderedJob & { readonly event_id: string },
  place: RenderedVideo,
  prepare: (signal: AbortSignal) => Promise<RenderContent>,
): Promise<void> {
  const { video, identity, maxBytes } = job;
  await withHeartbeat(({ signal, report }) =>
    scratch.attempt(maxBytes + OVERLAY_BYTES, async (folder) => {
      const source = await sources.link(video, folder, signal, logDownload(job.event_id));
      const { frameCount, ...content } = await prepare(signal);
      const path = await renderer.render({
        ...{ source, folder, video, identity, maxBytes, signal, ...content },
        onFrames: progressOf(frameCount, report),
      });
      signal.throwIfAborted();
      const metadata = { [MADE_FROM]: job.madeFrom };
      await objects.putFile(place.bucket, place.key, path, { contentType: 'video/mp4', metadata });
    }),
  );
}

function progressOf(frames_total: number, report: (progress: RenderProgress) => void) {
  report({ frames_done: 0, frames_total });
  return (frames_done: number) => report({ frames_done, frames_total });
}
