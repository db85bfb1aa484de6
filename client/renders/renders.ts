import {
  CancelledFailure,
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys, RENDERINGS, type Rendering, renderingIdOf } from '../../domain/names.js';
import type { ObjectStat } from '../../domain/ports/object-store.js';
import { renderedFrom } from '../../domain/video/render.js';
import type { RenderProgress } from '../../domain/job/activity-contracts.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { AnnotateVideo } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { readPayloads } from '../payloads.js';
import { describeRun, noResult } from '../jobs/runs.js';
import { whileUnavailable } from '../jobs/while-unavailable.js';

/** A video that is there, or how far it is. */
export type RenderState =
  | {
      readonly state: 'ready';
      readonly bucket: string;
      readonly key: string;
      readonly contentType: 'video/mp4' | 'video/webm';
      readonly found: ObjectStat;
    }
  | ({ readonly state: 'making' } & RenderProgress);

/** What a rendering is of, and the etag of that. */
export interface RenderRequest {
  readonly eventId: string;
  readonly kind: Rendering;
  readonly madeFrom: string;
}

export interface AwaitRenderOptions {
  /** Resolves with what there is then; default: waits until the video is made. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RenderProgress) => void;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

/** A failure is told for so long before the same is tried again. */
const FAILURE_KEPT_MS = 60_000;
const LOOK_MS = 1000;

/**
 * The video of a job with its objects drawn in; asked for the first time, it begins to be made.
 * @throws AppError `JOB_NOT_FOUND` when there is no result, or what its making failed with.
 */
export async function annotatedVideo(
  deps: Deps,
  eventId: string,
  options?: AwaitRenderOptions,
): Promise<RenderState> {
  const result = await deps.objects.stat(BUCKETS.results, keys.result(eventId));
  if (!result) throw noResult(eventId);
  return awaitRender(deps, { eventId, kind: 'annotated', madeFrom: result.etag }, options);
}

/** A rendering, or, when the time is over, how far it is; one that nobody makes is begun. */
export async function awaitRender(
  deps: Deps,
  request: RenderRequest,
  { timeoutMs = Infinity, signal, onProgress }: AwaitRenderOptions = {},
): Promise<RenderState> {
  const deadline = Date.now() + timeoutMs;
  const ready = await readyOf(deps, request);
  if (ready) return ready;
  await whileUnavailable(() => start(deps.temporal, request), signal, deadline);
  for (;;) {
    const run = await whileUnavailable(() => describe(deps.temporal, request), signal, deadline);
    const progress = await progressOf(deps.temporal, run);
    onProgress?.(progress);
    if (run?.status.name !== 'RUNNING') return ended(deps, request);
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return { state: 'making', ...progress };
    await endOrPause(deps.temporal, request, Math.min(leftMs, LOOK_MS), signal);
  }
}

async function readyOf({ objects }: Deps, { eventId, kind, madeFrom }: RenderRequest) {
  const key = keys.rendering(eventId, kind);
  const found = await renderedFrom(objects, key, madeFrom);
  const place = { bucket: BUCKETS.results, key, contentType: 'video/mp4' } as const;
  return found && ({ state: 'ready', ...place, found } as const);
}

/** A run that goes on is joined; one that failed just now would fail again. */
async function start(temporal: Client, request: RenderRequest): Promise<void> {
  const { eventId, kind } = request;
  const last = await describe(temporal, request);
  const isFresh = Date.now() - (last?.closeTime?.getTime() ?? 0) < FAILURE_KEPT_MS;
  if (last?.status.name === 'FAILED' && isFresh) return;
  await temporal.workflow.start(RENDERINGS[kind].workflow, {
    taskQueue: VIDEO_QUEUE,
    workflowId: renderingIdOf(eventId, kind),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [{ event_id: eventId }],
  });
}

function describe(temporal: Client, { eventId, kind }: RenderRequest) {
  return describeRun(temporal, renderingIdOf(eventId, kind));
}

/** What the step told with its last heartbeat. */
async function progressOf(
  temporal: Client,
  run: WorkflowExecutionDescription | undefined,
): Promise<RenderProgress> {
  const payloads = run?.raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  const [details] = await readPayloads(temporal, payloads);
  const told = details as Partial<RenderProgress> | undefined; // our own heartbeat, if one came
  return { frames_done: told?.frames_done ?? 0, frames_total: told?.frames_total ?? 0 };
}

/** Resolves when the run ends, however it does, or after some time. */
async function endOrPause(
  temporal: Client,
  { eventId, kind }: RenderRequest,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(ms);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const handle = temporal.workflow.getHandle(renderingIdOf(eventId, kind));
  await temporal.withAbortSignal(either, () => handle.result()).catch(() => undefined);
  signal?.throwIfAborted();
}

/** @throws AppError of a run that failed or was cancelled. */
async function ended(deps: Deps, request: RenderRequest): Promise<RenderState> {
  const { eventId, kind } = request;
  const ready = await readyOf(deps, request);
  if (ready) return ready;
  const id = renderingIdOf(eventId, kind);
  try {
    await deps.temporal.workflow.getHandle<typeof AnnotateVideo>(id).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw error.cause instanceof CancelledFailure ? cancelled(id) : failureOf(error, eventId);
  }
  throw new AppError('JOB_FAILED', `The video of job ${eventId} changed while ${id} made it.`);
}

function cancelled(id: string): AppError {
  return new AppError(
    'JOB_FAILED',
    `${id} was cancelled. Ask for the video again to make it anew.`,
  );
}
