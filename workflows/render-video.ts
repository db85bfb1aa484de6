import type { ClipId, ReelId, RenderKind } from '../domain/names.js';
import type { RenderedVideo } from '../domain/job/activity-contracts.js';
import { renderActivities } from './activity-proxies.js';
import { throwToUser } from './user-failure.js';

interface RenderRequest {
  readonly event_id: string;
}

/** Renders the video of a job with its detections drawn in; returns where it is stored. */
export function AnnotateVideo({ event_id }: RenderRequest): Promise<RenderedVideo> {
  return render(event_id, 'annotated');
}

/** Renders the video of a job as an MP4 that browsers play; returns where it is stored. */
export function PreviewVideo({ event_id }: RenderRequest): Promise<RenderedVideo> {
  return render(event_id, 'preview');
}

/** Renders small images of the video of a job in one sheet; returns where it is stored. */
export function RenderSprite({ event_id }: RenderRequest): Promise<RenderedVideo> {
  return render(event_id, 'sprite');
}

/** Renders a span of the video of a job; returns where it is stored. */
export function RenderClip({ event_id, from_ms, to_ms, boxes }: ClipId): Promise<RenderedVideo> {
  const clip = { event_id, from_ms, to_ms, boxes };
  return renderActivities(event_id).renderClip(clip).catch(throwToUser);
}

/** Renders the frames in which two results of a video differ; returns where they are stored. */
export function RenderReel({ a, b, conf_a, conf_b }: ReelId): Promise<RenderedVideo> {
  return renderActivities(a).renderReel({ a, b, conf_a, conf_b }).catch(throwToUser);
}

async function render(event_id: string, kind: RenderKind): Promise<RenderedVideo> {
  return renderActivities(event_id).renderVideo({ event_id, kind }).catch(throwToUser);
}
