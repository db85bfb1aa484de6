import { AppError } from '../../domain/errors.js';
import type { JobInput } from '../../domain/job/job-input.js';
import { expectDetector } from '../../domain/model/expect-detector.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { keys } from '../../domain/names.js';
import type { ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import type { VidetteClientDeps } from '../deps.js';

/** Model and stored video of a job. */
export interface JobSources {
  readonly model: ModelManifest;
  readonly video: ObjectStat;
}

/**
 * Finds the model and the video of a job.
 * @throws AppError `VIDEO_NOT_FOUND`, or unless the model is a detector and has the classes.
 */
export async function findSources(
  deps: VidetteClientDeps,
  { model, classes, bucket, video_id }: Pick<JobInput, 'model' | 'classes' | 'bucket' | 'video_id'>,
): Promise<JobSources> {
  return {
    model: await findModel(deps, { model, classes }),
    video: await findVideo(deps.objects, { bucket, video_id }),
  };
}

/**
 * Finds the model of jobs.
 * @throws AppError unless it is a detector and has the classes.
 */
export async function findModel(
  { models, defaultModel, checkClasses }: VidetteClientDeps,
  { model, classes }: Pick<JobInput, 'model' | 'classes'>,
): Promise<ModelManifest> {
  const manifest = await models.resolve(model ?? defaultModel);
  await expectDetector(models, manifest);
  if (classes) checkClasses?.(manifest, classes);
  return manifest;
}

/** Finds the stored video of a job. @throws AppError `VIDEO_NOT_FOUND`. */
export async function findVideo(
  objects: ObjectStore,
  { bucket, video_id }: Pick<JobInput, 'bucket' | 'video_id'>,
): Promise<ObjectStat> {
  const found = await objects.stat(bucket, keys.video(video_id));
  if (found) return found;
  throw new AppError(
    'VIDEO_NOT_FOUND',
    `Video ${JSON.stringify(video_id)} is not in the object store.`,
    { video_id },
    { advice: 'bring-video' },
  );
}
