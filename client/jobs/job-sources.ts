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
    model: await resolveModel(deps, { model, classes }),
    video: await statVideo(deps.objects, bucket, video_id),
  };
}

async function resolveModel(
  { models, defaultModel, checkClasses }: VidetteClientDeps,
  { model, classes }: Pick<JobInput, 'model' | 'classes'>,
): Promise<ModelManifest> {
  const manifest = await models.resolve(model ?? defaultModel);
  await expectDetector(models, manifest);
  if (classes) checkClasses?.(manifest, classes);
  return manifest;
}

async function statVideo(
  objects: ObjectStore,
  bucket: string,
  videoId: string,
): Promise<ObjectStat> {
  const found = await objects.stat(bucket, keys.video(videoId));
  if (found) return found;
  throw new AppError(
    'VIDEO_NOT_FOUND',
    `Video ${JSON.stringify(videoId)} is not in the object store.`,
    { video_id: videoId },
    { advice: 'bring-video' },
  );
}
