import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { eventIdOf, fingerprintOf } from '../../domain/hash.js';
import { type JobInput, parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import { ingestVideo } from '../ingest.js';
import type { VidetteClientDeps } from '../deps.js';
import type { DetectionOptions, SubmitOptions, Submitted, VideoInput } from '../types.js';
import { findModel, findSources } from './job-sources.js';
import { findRun } from './runs.js';
import { startJob } from './start-job.js';

const PRIORITY_MAX = 5;
const SUFFIX_BYTES = 4;

/** Ingests a video and starts its job; submitting the same again returns the same job. */
export async function submit(
  deps: VidetteClientDeps,
  video: VideoInput,
  options: SubmitOptions = {},
): Promise<Submitted> {
  // A video_id costs no upload, and its model is found with the video.
  if ('video_id' in video) checkSubmitOptions(options);
  else await checkModelOptions(deps, options);
  const { event_id, force = false, priority, signal, onIngest, ...detection } = options;
  const videoId = await ingestVideo(deps, video, { signal, onIngest });
  return startNew(deps, {
    input: checkInput(videoId, detection, event_id),
    priority,
    identify: (derived) => identify(deps.temporal, { event_id, derived, force }),
  });
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

/**
 * Validates options, and finds their model with its classes, before any file is read or uploaded.
 * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`.
 */
export async function checkModelOptions(
  deps: VidetteClientDeps,
  options: SubmitOptions,
): Promise<void> {
  checkSubmitOptions(options);
  await findModel(deps, options);
}

/** Job that a new one is made from: it repeats that job, or filters its detections. */
type Origin = Required<Pick<JobInput, 'rerun_of'>> | Required<Pick<JobInput, 'derived_from'>>;

/**
 * Starts a job on the video of another job, which it refers to. A rerun is a new job each time; the
 * same filter of the same detections is the same job.
 */
export async function submitFrom(
  deps: VidetteClientDeps,
  origin: Origin,
  videoId: string,
  { event_id, priority, ...detection }: Omit<SubmitOptions, 'force' | 'onIngest' | 'signal'>,
): Promise<Submitted> {
  checkPriority(priority);
  const idOf = 'rerun_of' in origin ? withSuffix : (derived: string) => derived;
  return startNew(deps, {
    input: { ...checkInput(videoId, detection, event_id), ...origin },
    priority,
    identify: (derived) => ({ event_id: event_id ?? idOf(derived) }),
  });
}

/** @throws AppError `INVALID_INPUT`. */
export function checkPriority(priority: number | undefined): void {
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

/** Event id of a job, and the job that it repeats. */
type Identity = { readonly event_id: string } & Pick<JobInput, 'rerun_of'>;

interface NewJob {
  readonly input: JobInput;
  readonly priority: number | undefined;
  /** Chooses the event id, given the one that is derived from video, model and parameters. */
  readonly identify: (derived: string) => Identity | Promise<Identity>;
}

/** Starts a job with its model version pinned: the one that the event id is derived from. */
async function startNew(
  deps: VidetteClientDeps,
  { input, priority, identify }: NewJob,
): Promise<Submitted> {
  const { model, video } = await findSources(deps, input);
  const parameters = parametersOf(input);
  const fingerprint = fingerprintOf({ videoEtag: video.etag, model, parameters });
  const identity = await identify(eventIdOf(input.video_id, fingerprint));
  const pinned = { ...input, ...identity, model: `${model.name}@${model.version}` };
  return startJob(deps, { input: pinned, video, priority, fingerprint });
}

interface IdentityOptions {
  readonly event_id: string | undefined;
  readonly derived: string;
  readonly force: boolean;
}

/** Returns the event id of a job: the derived one, or with `force` a new one. */
export async function identify(
  temporal: Client,
  { event_id, derived, force }: IdentityOptions,
): Promise<Identity> {
  if (!force) return { event_id: event_id ?? derived };
  const original = (await findRun(temporal, derived)) && derived;
  return { event_id: event_id ?? withSuffix(derived), ...(original && { rerun_of: original }) };
}

function withSuffix(eventId: string): string {
  return `${eventId}-${randomBytes(SUFFIX_BYTES).toString('hex')}`;
}
