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
export interface RenderContent extends Pick<RenderRequest, 'overlay' | 'stills' | 'clip'> {
  readonly frameCount: number;
}

/** What a render wrote. */
export interface RenderedFile {
  readonly path: string;
  readonly contentType: 'video/mp4' | 'image/jpeg';
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a render reads, and how it reports. */
export interface RenderSource extends Pick<RenderRequest, 'source' | 'folder' | 'signal'> {
  readonly report: (progress: RenderProgress) => void;
}

type StoredJob = RenderedJob & { readonly event_id: string };

/**
 * Renders the video of a job and stores it.
 * @param prepare returns what is rendered, after the source was downloaded
 */
export async function storeRender(
  deps: StoreRenderDeps,
  job: StoredJob,
  place: RenderedVideo,
  prepare: (signal: AbortSignal) => Promise<RenderContent>,
): Promise<void> {
  const { video, identity, maxBytes } = job;
  await storeFile(deps, job, place, async ({ report, ...from }) => {
    const { frameCount, ...content } = await prepare(from.signal);
    const path = await deps.renderer.render({
      ...{ ...from, video, identity, maxBytes, ...content },
      onFrames: progressOf(frameCount, report),
    });
    return { path, contentType: 'video/mp4' };
  });
}

/** Downloads the video of a job, and stores what a render makes of it. */
export async function storeFile(
  { objects, scratch, sources }: Omit<StoreRenderDeps, 'renderer'>,
  { event_id, video, maxBytes, madeFrom }: StoredJob,
  place: RenderedVideo,
  render: (source: RenderSource) => Promise<RenderedFile>,
): Promise<void> {
  await withHeartbeat(({ signal, report }) =>
    scratch.attempt(maxBytes + OVERLAY_BYTES, async (folder) => {
      const source = await sources.link(video, folder, signal, logDownload(event_id));
      const { path, contentType, metadata } = await render({ source, folder, signal, report });
      signal.throwIfAborted();
      await objects.putFile(place.bucket, place.key, path, {
        contentType,
        metadata: { ...metadata, [MADE_FROM]: madeFrom },
      });
    }),
  );
}

/** Returns a listener that reports the number of rendered frames. */
export function progressOf(frames_total: number, report: (progress: RenderProgress) => void) {
  report({ frames_done: 0, frames_total });
  return (frames_done: number) => report({ frames_done, frames_total });
}
