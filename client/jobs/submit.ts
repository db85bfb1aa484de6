import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { expectDetector } from '../../domain/model/expect-detector.js';
import { eventIdOf, fingerprintOf } from '../../domain/hash.js';
import { type JobInput, parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { keys, SEARCH_ATTRIBUTES, VIDEO_DETECTION, workflowIdOf } from '../../domain/names.js';
import type { ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { VideoDetection } from '../../workflows/index.js';
import { ingestVideo } from '../ingest.js';
import type { VidetteClientDeps } from '../deps.js';
import { encryptsPayloads } from '../../domain/temporal-payloads.js';
import { findRun } from './runs.js';
import type { DetectionOptions, SubmitOptions, Submitted, VideoInput } from '../types.js';

const PRIORITY_MAX = 5;
const SUFFIX_BYTES = 4;

/** A job's input before its event has an id. */
type Draft = Omit<JobInput, 'event_id'>;

/** Ingests a video and starts its job; submitting the same again returns the same job. */
export async function submit(
  deps: VidetteClientDeps,
  video: VideoInput,
  options: SubmitOptions = {},
): Promise<Submitted> {
  checkSubmitOptions(options);
  const { event_id, force = false, priority, signal, onIngest, ...detection } = options;
  const videoId = await ingestVideo(deps, video, { signal, onIngest });
  const input = checkInput(videoId, detection, event_id);
  const model = await resolveModel(deps, input);
  const found = await statVideo(deps.objects, input.bucket, videoId);
  const fingerprint = fingerprintOfJob(input, model, found.etag);
  const derived = eventIdOf(videoId, fingerprint);
  const identity = await identify(deps.temporal, { event_id, derived, force });
  const job = withModelVersion({ ...input, ...identity }, model);
  return start(deps, job, { found, priority, fingerprint });
}

/** Validates options before any file is read or uploaded. @throws AppError `INVALID_INPUT`. */
export function checkSubmitOptions(options: SubmitOptions): void {
  const {
    event_id,
    force: _force,
    priority,
    signal: _signal,
    onIngest: _on,
    ...detection
  } = options;
  checkPriority(priority);
  checkInput('unknown', detection, event_id);
}

/** Starts a new job that refers to the original one. */
export async function submitRerun(
  deps: VidetteClientDeps,
  rerunOf: string,
  videoId: string,
  { event_id, priority, ...detection }: Omit<SubmitOptions, 'force' | 'onIngest' | 'signal'>,
): Promise<Submitted> {
  checkPriority(priority);
  const input = { ...checkInput(videoId, detection, event_id), rerun_of: rerunOf };
  const model = await resolveModel(deps, input);
  const found = await statVideo(deps.objects, input.bucket, videoId);
  const fingerprint = fingerprintOfJob(input, model, found.etag);
  const id = event_id ?? withSuffix(eventIdOf(videoId, fingerprint));
  const job = withModelVersion({ ...input, event_id: id }, model);
  return start(deps, job, { found, priority, fingerprint });
}

function checkPriority(priority: number | undefined): void {
  if (priority === undefined) return;
  if (Number.isInteger(priority) && priority >= 1 && priority <= PRIORITY_MAX) return;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a priority from 1 (highest) to ${PRIORITY_MAX} (lowest), received ${priority}.`,
  );
}

function checkInput(videoId: string, options: DetectionOptions, eventId?: string): JobInput {
  return parseJobInput({ ...options, video_id: videoId, event_id: eventId });
}

/** Returns the facts of a stored video. @throws AppError `VIDEO_NOT_FOUND`. */
export async function statVideo(
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

/** Resolves the model of a job. @throws AppError unless it is a detector and has the classes. */
export async function resolveModel(
  { models, defaultModel, checkClasses }: VidetteClientDeps,
  { model, classes }: Pick<JobInput, 'model' | 'classes'>,
): Promise<ModelManifest> {
  const manifest = await models.resolve(model ?? defaultModel);
  await expectDetector(models, manifest);
  if (classes) checkClasses?.(manifest, classes);
  return manifest;
}

function fingerprintOfJob(input: Draft, model: ModelManifest, videoEtag: string): string {
  return fingerprintOf({ videoEtag, model, parameters: parametersOf(input) });
}

/** Pins the model version, so that the worker uses the one that the event id was derived from. */
function withModelVersion(input: JobInput, { name, version }: ModelManifest): JobInput {
  return { ...input, model: `${name}@${version}` };
}

interface Identity {
  readonly event_id: string | undefined;
  readonly derived: string;
  readonly force: boolean;
}

async function identify(temporal: Client, { event_id, derived, force }: Identity) {
  if (!force) return { event_id: event_id ?? derived };
  const original = (await findRun(temporal, derived)) && derived;
  return { event_id: event_id ?? withSuffix(derived), ...(original && { rerun_of: original }) };
}

function withSuffix(eventId: string): string {
  return `${eventId}-${randomBytes(SUFFIX_BYTES).toString('hex')}`;
}

interface StartOptions {
  readonly found: ObjectStat;
  readonly priority: number | undefined;
  readonly fingerprint: string;
}

async function start(
  { temporal, documents }: VidetteClientDeps,
  input: JobInput,
  options: StartOptions,
): Promise<Submitted> {
  const eventId = input.event_id!; // `identify` and `submitRerun` give one
  const workflowId = workflowIdOf(eventId);
  const submission = randomUUID();
  const ids = { event_id: eventId, video_id: input.video_id, workflow_id: workflowId };
  try {
    await temporal.workflow.start<typeof VideoDetection>(VIDEO_DETECTION, {
      ...startOptions(input, eventId, {
        ...options,
        payloadsEncrypted: encryptsPayloads(temporal),
      }),
      memo: { submission, fingerprint: options.fingerprint },
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  // The server does not report whether it started this run or returned an existing one.
  const run = await temporal.workflow.getHandle(workflowId).describe();
  const started = run.memo?.submission === submission;
  if (!started) {
    const former = run.memo?.fingerprint ?? (await documents.findEvent(eventId))?.fingerprint;
    expectSameJob(eventId, former, options.fingerprint);
  }
  return { ...ids, run_id: run.runId, started };
}

function expectSameJob(eventId: string, former: unknown, fingerprint: string): void {
  if (former === undefined || former === fingerprint) return;
  throw new AppError(
    'EVENT_EXISTS',
    `Event ${eventId} belongs to a job with another video, model or parameters. ` +
      'Choose another event_id, or omit it.',
    { event_id: eventId },
  );
}

function startOptions(
  input: JobInput,
  eventId: string,
  { found, priority, payloadsEncrypted }: StartOptions & { readonly payloadsEncrypted: boolean },
): WorkflowStartOptions<typeof VideoDetection> {
  return {
    taskQueue: VIDEO_QUEUE,
    workflowId: workflowIdOf(eventId),
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    priority: { fairnessKey: eventId.slice(0, 64), ...(priority && { priorityKey: priority }) },
    ...describeJob(input, found),
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.eventId, value: eventId },
      // Search attributes are never encrypted.
      ...(payloadsEncrypted ? [] : [{ key: SEARCH_ATTRIBUTES.videoId, value: input.video_id }]),
      // The workflow sets `JobStatus` when it has written the event; lists rely on that.
    ],
  };
}

/** Returns the summary and details of a job for Temporal's Web UI. */
export function describeJob(input: Draft, found: ObjectStat) {
  const name = nameOf(input, found);
  const { every, conf, iou, frames, still, device, rerun_of, bucket } = input;
  const details = [
    `**Video** ${name} (\`${bucket}/${keys.video(input.video_id)}\`, ${found.size} bytes)`,
    `**Model** ${input.model ?? 'default'}, device ${device}`,
    `**Sampling** every ${every}, conf ${conf}, iou ${iou}, frames ${frames}`,
    ...(still === false ? [] : [`**Still scenes** change of at most ${still}`]),
    ...(rerun_of ? [`**Rerun of** ${rerun_of}`] : []),
  ];
  return {
    staticSummary: `${name}, ${input.model ?? 'default model'}, every ${every}`.slice(0, 200),
    staticDetails: details.join('\n\n'),
  };
}

function nameOf({ video_id }: Draft, { metadata }: ObjectStat): string {
  try {
    return decodeURIComponent(metadata['original-name'] ?? video_id).slice(0, 100);
  } catch {
    return video_id;
  }
}
