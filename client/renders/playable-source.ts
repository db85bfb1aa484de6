import { AppError } from '../../domain/errors.js';
import { readPlan } from '../../domain/job/job-store.js';
import { playableType } from '../../domain/video/browser-playback.js';
import type { ResultHeader } from '../../domain/result/result.js';
import type { VidetteClientDeps } from '../deps.js';
import { type AwaitRenderOptions, awaitRender, renderOfJob, type RenderState } from './renders.js';
import { readResultEnds } from '../../domain/result/read-result.js';

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

/**
 * Returns a video of a job that browsers play: the source itself, or a preview, whose render starts
 * with the first request.
 * @throws AppError `JOB_NOT_FOUND` if the video has not been probed (yet), `VIDEO_NOT_FOUND`, or the
 * error of the render.
 */
export async function playableSource(
  deps: Deps,
  eventId: string,
  options?: AwaitRenderOptions,
): Promise<RenderState> {
  const video = await videoOf(deps, eventId);
  const contentType = playableType(video);
  if (!contentType) {
    return awaitRender(deps, renderOfJob(eventId, 'preview', video.etag), options);
  }
  const { bucket, key } = video;
  const found = await deps.objects.stat(bucket, key);
  if (found) return { state: 'ready', bucket, key, contentType, found };
  throw new AppError('VIDEO_NOT_FOUND', `The video ${bucket}/${key} no longer exists.`, { key });
}

/** Reads the video from the plan, which exists once the video is probed, else from the result. */
export async function videoOf(
  { objects }: Pick<Deps, 'objects'>,
  eventId: string,
): Promise<ResultHeader['video']> {
  const plan = await readPlan(objects, eventId);
  if (plan) return { ...plan.source, ...plan.video };
  const ends = await readResultEnds(objects, eventId);
  if (ends) return ends.header.video;
  throw new AppError('JOB_NOT_FOUND', `The video of job ${eventId} has not been probed (yet).`);
}
