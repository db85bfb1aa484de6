import { isCancellation } from '@temporalio/workflow';
import type { Rendering } from '../domain/names.js';
import type { RenderedVideo } from '../domain/job/activity-contracts.js';
import { renderActivities } from './activity-proxies.js';
import { toUserFailure } from './user-failure.js';

/** Draws what a job found into its video; resolves with where that lies. */
export function AnnotateVideo(input: { readonly event_id: string }): Promise<RenderedVideo> {
  return render(input.event_id, 'annotated');
}

/** Makes an MP4 that browsers play of the video of a job; resolves with where that lies. */
export function PreviewVideo(input: { readonly event_id: string }): Promise<RenderedVideo> {
  return render(input.event_id, 'preview');
}

async function render(event_id: string, kind: Rendering): Promise<RenderedVideo> {
  try {
    return await renderActivities(event_id).renderVideo({ event_id, kind });
  } catch (error) {
    throw isCancellation(error) ? error : toUserFailure(error);
  }
}
