import { activityInfo, log } from '@temporalio/activity';
import { AppError, messageOf } from '../domain/errors.js';
import { jobBeingDeleted } from '../domain/job/deletion.js';
import type { EventDocument } from '../domain/job/event.js';
import { expectDetector } from '../domain/model/expect-detector.js';
import { eventIdOfWorkflow, fingerprintOf } from '../domain/hash.js';
import {
  type JobInput,
  type Parameters,
  parametersOf,
  parseJobInput,
} from '../domain/job/job-input.js';
import { type ModelManifest, modelRefOf } from '../domain/model/model-manifest.js';
import { findResult } from '../domain/job/job-store.js';
import { keys } from '../domain/names.js';
import {
  isOptionalAttribute,
  isResultAttribute,
  SEARCH_ATTRIBUTES,
  type SearchAttribute,
} from '../domain/search-attributes.js';
import { outcomeOfEvent } from '../domain/job/outcome.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { JobRuns, WorkerDirectory } from '../domain/ports/runs.js';
import type { OpenedEvent, OpenInput } from '../domain/job/activity-contracts.js';
import { DETECT_QUEUES, type Device } from '../domain/job/task-queues.js';
import { originalNameOf } from '../domain/video/stored-video.js';
import { expectSource } from './derive/expect-source.js';

export interface OpenEventDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly models: ModelRegistry;
  readonly workers: WorkerDirectory;
  readonly jobRuns: Pick<JobRuns, 'isBeingDeleted'>;
  /** Default model of jobs; if undefined, the first known model that is published. */
  readonly defaultModel: string | undefined;
  /** Returns the ids of classes. @throws AppError `INVALID_INPUT` for one that the model does not have. */
  readonly classIdsOf: (manifest: ModelManifest, classes: readonly string[]) => ReadonlySet<number>;
  readonly window: number;
  /** URL of Vidette's page, for links in Temporal's Web UI. */
  readonly pageUrl?: string | undefined;
  /** Returns the search attributes that Temporal lacks. */
  readonly missingSearchAttributes: () => Promise<readonly SearchAttribute[]>;
  /** Whether payloads are encrypted. */
  readonly payloadsEncrypted?: boolean;
}

/** Resolves the input of a job to a video, model, device and parameters, and writes its event. */
export async function openEvent(
  deps: OpenEventDeps,
  { request, first_run_id }: OpenInput,
): Promise<OpenedEvent> {
  const { workflowId } = activityInfo().workflowExecution!;
  const input = parseJobInput(request);
  const eventId = input.event_id ?? eventIdOfWorkflow(workflowId);
  await expectNotBeingDeleted(deps, eventId);
  const run = { run_id: first_run_id, workflow_id: workflowId };
  const event = await describeEvent(deps, input, eventId, run);
  const before = await finishedBefore(deps, event);
  if (!before) await expectSource(deps, event, input);
  // Before the event is written: a job whose device is missing leaves no event.
  const isInferred = !before && event.parameters.derived_from === undefined;
  const use = isInferred ? await chooseDevice(deps, { asked: input.device }) : 'cpu';
  const finished = before ?? (await writeEvent(deps, event));
  log.info('event opened', { event: eventId, model: event.model.name, finished: !!finished });
  return {
    event_id: eventId,
    video_id: input.video_id,
    source: { bucket: input.bucket, key: keys.video(input.video_id), etag: event.video_etag },
    parameters: event.parameters,
    model: event.model,
    rerun_of: event.rerun_of,
    created_at: event.created_at.toISOString(),
    device: { asked: input.device, use },
    window: deps.window,
    ...(deps.pageUrl !== undefined && { page_url: deps.pageUrl }),
    ...(deps.payloadsEncrypted ? { sealed: true } : await indexingOf(deps)),
    ...(finished && { finished: outcomeOfEvent(finished) }),
  };
}

/** Allows the workflow to set the optional search attributes that Temporal has. */
async function indexingOf({
  missingSearchAttributes,
}: OpenEventDeps): Promise<Pick<OpenedEvent, 'indexes_result' | 'indexes_rerun'>> {
  const missing = await missingSearchAttributes().catch(messageOf);
  if (typeof missing === 'string' || missing.some(isOptionalAttribute)) {
    log.warn('job cannot be found by all search attributes, run "vidette doctor"', { missing });
  }
  if (typeof missing === 'string') return {};
  return {
    ...(!missing.some(isResultAttribute) && { indexes_result: true }),
    ...(!missing.includes(SEARCH_ATTRIBUTES.rerunOf) && { indexes_rerun: true }),
  };
}

/** Chooses the device; `auto` chooses the GPU if a GPU worker is polling. */
export async function chooseDevice(
  { workers }: Pick<OpenEventDeps, 'workers'>,
  { asked }: { readonly asked: JobInput['device'] },
): Promise<Device> {
  if (asked === 'cpu') return 'cpu';
  if (await workers.isPolling(DETECT_QUEUES.gpu)) return 'gpu';
  if (asked === 'auto') return 'cpu';
  throw new AppError(
    'NO_GPU_WORKER',
    'Device "gpu" needs a worker that polls "detect-gpu", and none does. Start one, or use device "auto" or "cpu".',
  );
}

/** @throws AppError `JOB_BEING_DELETED`, which is retried until the id is free. */
async function expectNotBeingDeleted(
  { jobRuns }: Pick<OpenEventDeps, 'jobRuns'>,
  eventId: string,
): Promise<void> {
  if (await jobRuns.isBeingDeleted(eventId)) throw jobBeingDeleted(eventId);
}

async function describeEvent(
  { objects, models, defaultModel, classIdsOf }: OpenEventDeps,
  input: JobInput,
  eventId: string,
  run: Pick<EventDocument, 'run_id' | 'workflow_id'>,
): Promise<EventDocument> {
  const key = keys.video(input.video_id);
  const video = await objects.stat(input.bucket, key);
  if (!video) {
    throw new AppError(
      'VIDEO_NOT_FOUND',
      `No video ${JSON.stringify(input.video_id)}: ${input.bucket}/${key} does not exist. ` +
        'Upload the video, then start the job again with its video_id.',
      { video_id: input.video_id },
    );
  }
  const manifest = await models.resolve(input.model ?? defaultModel);
  await expectDetector(models, manifest);
  const classIds = input.classes && classIdsOf(manifest, input.classes);
  const parameters = parametersOf(input);
  return {
    event_id: eventId,
    video_id: input.video_id,
    bucket: input.bucket,
    status: 'processing',
    frames_total: null,
    frames_done: 0,
    result: null,
    error: null,
    created_at: new Date(),
    ready_at: null,
    closed_at: null,
    fingerprint: fingerprintOf({ videoEtag: video.etag, model: manifest, parameters }),
    video_etag: video.etag,
    video_name: originalNameOf(video.metadata) ?? null,
    model: modelRefOf(manifest),
    parameters:
      input.derived_from === undefined
        ? parameters
        : withClassNames(parameters, manifest, classIds),
    device: input.device,
    rerun_of: input.rerun_of ?? null,
    ...run,
    skipped: null,
    objects: null,
    device_used: {},
  };
}

/** Parameters of a derived job, which compares classes with those of stored objects. */
function withClassNames(
  parameters: Parameters,
  { labels }: Pick<ModelManifest, 'labels'>,
  classIds: ReadonlySet<number> | undefined,
): Parameters {
  if (!classIds) return parameters;
  return { ...parameters, classes: Array.from(classIds, (id) => labels[id]!) }; // ids of the model
}

type Stores = Pick<OpenEventDeps, 'documents' | 'objects'>;

/**
 * Returns the event if an identical job has finished and its result is still stored.
 * @throws AppError `EVENT_EXISTS` if the event belongs to another job.
 */
async function finishedBefore(
  { documents, objects }: Stores,
  event: EventDocument,
): Promise<EventDocument | undefined> {
  const known = await documents.findEvent(event.event_id);
  if (known && known.fingerprint !== event.fingerprint) {
    throw new AppError(
      'EVENT_EXISTS',
      `Event ${event.event_id} belongs to another job (video ${known.video_id}, model ${known.model.name}). ` +
        'Choose another event_id, or leave it out.',
      { event_id: event.event_id },
    );
  }
  if (known?.status !== 'ready') return undefined;
  const result = await findResult(objects, event.event_id);
  return result && known;
}

/** Inserts the event or adopts the existing one; returns it if it is already finished. */
async function writeEvent(
  stores: Stores,
  event: EventDocument,
): Promise<EventDocument | undefined> {
  const { documents } = stores;
  if (await documents.insertEvent(event)) return undefined;
  const finished = await finishedBefore(stores, event);
  const { event_id, run_id, workflow_id, status, error, created_at, closed_at } = event;
  const fields = { run_id, workflow_id, status, error, created_at, closed_at };
  if (!finished) await documents.adoptEvent(event_id, fields);
  return finished;
}
