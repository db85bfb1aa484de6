import { hasCode, AppError, messageOf } from '../../domain/errors.js';
import { canonicalJson, eventIdOf, fingerprintOf } from '../../domain/hash.js';
import { BATCH_MAX } from '../../domain/job/batch-id.js';
import type { BatchJob, BatchOptions } from '../../domain/job/batch.js';
import type { EventDocument } from '../../domain/job/event.js';
import { parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { keys } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { readPages } from '../../domain/read-pages.js';
import type {
  NotCompared,
  OpenedRescore,
  PastJob,
  PastList,
} from '../../domain/rescore/rescore.js';
import type { Beat } from '../heartbeat.js';

export interface ListPastJobsDeps {
  readonly objects: Pick<ObjectStore, 'stat'>;
  readonly documents: Pick<DocumentStore, 'listEvents'>;
  readonly models: Pick<ModelRegistry, 'resolve'>;
  /** @throws AppError `INVALID_INPUT` for a class that the model does not have. */
  readonly checkClasses: (manifest: ModelManifest, classes: readonly string[]) => void;
}

type PastJobs = Pick<PastList, 'jobs' | 'not_compared' | 'batches'>;

/** A job to run, with the options of its batch. */
interface NewJob {
  readonly options: BatchOptions;
  readonly job: BatchJob;
}

/**
 * Lists the finished jobs of a model, and the jobs that run the other model on their videos with the
 * same options, whose ids are those of the same submission: what has run already is not run again.
 */
export async function listPastJobs(
  deps: ListPastJobsDeps,
  rescore: OpenedRescore,
  { report }: Beat,
): Promise<PastJobs> {
  const { model } = rescore;
  const manifest = await deps.models.resolve(`${model.name}@${model.version}`);
  const jobs: PastJob[] = [];
  const not_compared: NotCompared[] = [];
  const groups = new Map<string, { options: BatchOptions; jobs: Map<string, BatchJob> }>();
  for await (const event of readEvents(deps.documents, rescore)) {
    const { event_id } = event;
    const found = await describeJob(deps, event, manifest);
    if (typeof found === 'string') not_compared.push({ event_id, reason: found });
    else {
      const { video_id } = event;
      jobs.push({ event_id, video_id, rescored_event_id: found.job.event_id });
      const name = canonicalJson(found.options);
      const group = groups.get(name) ?? { options: found.options, jobs: new Map() };
      groups.set(name, group);
      group.jobs.set(found.job.event_id, found.job);
    }
    if (jobs.length > BATCH_MAX) throw tooManyJobs();
    report({ jobs: jobs.length });
  }
  const batches = [...groups.values()].map((group, number) => ({
    batch_id: `${rescore.rescore_id}-${number + 1}`,
    options: group.options,
    jobs: [...group.jobs.values()],
  }));
  return { jobs, not_compared, batches };
}

async function* readEvents(
  { listEvents }: ListPastJobsDeps['documents'],
  { of, model, since, until }: OpenedRescore,
): AsyncGenerator<EventDocument, void> {
  const query = { status: 'ready', model: of, since: new Date(since) } as const;
  const events = readPages<EventDocument>((page) => listEvents({ ...query, ...page }));
  for await (const event of events) {
    const isSame = event.model.name === model.name && event.model.version === model.version;
    if (!isSame && event.created_at < new Date(until)) yield event;
  }
}

/** Returns the job that runs the other model, or why there is none. */
async function describeJob(
  { objects, checkClasses }: ListPastJobsDeps,
  event: EventDocument,
  manifest: ModelManifest,
): Promise<NewJob | string> {
  const { event_id, video_id, bucket, video_etag } = event;
  const video = await objects.stat(bucket, keys.video(video_id));
  if (!video) return `The video ${video_id} was removed.`;
  if (video.etag !== video_etag) return `The video ${video_id} was replaced.`;
  const options = optionsOf(event, manifest);
  try {
    if (options.classes) checkClasses(manifest, options.classes);
  } catch (error) {
    if (!hasCode(error, 'INVALID_INPUT')) throw error;
    return messageOf(error);
  }
  const parameters = parametersOf(parseJobInput({ ...options, video_id }));
  const fingerprint = fingerprintOf({ videoEtag: video.etag, model: manifest, parameters });
  const job = { video_id, event_id: eventIdOf(video_id, fingerprint), rerun_of: event_id };
  return { options, job };
}

/** The options of a job with another model; the frames of the past job are not stored again. */
function optionsOf(
  { bucket, parameters }: EventDocument,
  { name, version }: ModelManifest,
): BatchOptions {
  // The document store also returns null for a value that is missing.
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), bucket, model: `${name}@${version}`, frames: 'none' };
}

function tooManyJobs(): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `A rescoring has at most ${BATCH_MAX} jobs. Choose a shorter time span.`,
  );
}
