import type { Readable } from 'node:stream';
import {
  CancelledFailure,
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { findResult, noResult } from '../../domain/job/job-store.js';
import { BUCKETS, keys, RENDERS, type RenderKind } from '../../domain/names.js';
import { renderWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { ObjectStat } from '../../domain/ports/object-store.js';
import { renderedFrom } from '../../domain/video/render.js';
import type { RenderProgress } from '../../domain/job/activity-contracts.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { AnnotateVideo } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { readPayloads } from '../../domain/temporal-payloads.js';
import { describeRun, isRunning } from '../../domain/temporal-runs.js';
import { whileUnavailable } from '../jobs/while-unavailable.js';

/** A rendered video, or the progress of its render. */
export type RenderState =
  | {
      readonly state: 'ready';
      readonly bucket: string;
      readonly key: string;
      readonly contentType: 'video/mp4' | 'video/webm' | 'image/jpeg';
      readonly found: ObjectStat;
    }
  | ({ readonly state: 'making' } & RenderProgress);

/** A render: its workflow, and where it stores the video. */
export interface RenderRequest {
  /** Job in whose name errors are reported. */
  readonly eventId: string;
  readonly workflow: string;
  readonly workflowId: string;
  /** Input of the workflow. */
  readonly input: object;
  readonly key: string;
  /** What determines the content of the video: the etags of its sources. */
  readonly madeFrom: string;
  /** Default: that of an MP4. */
  readonly contentType?: 'video/mp4' | 'image/jpeg';
}

export interface AwaitRenderOptions {
  /** Resolves with the progress after this time; default: waits for the video. */
  readonly timeoutMs?: number;
  /** Whether a render is started if none is in progress; default: true. */
  readonly start?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RenderProgress) => void;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

/** Time during which a failed render is reported before a request retries it. */
const FAILURE_KEPT_MS = 60_000;
const POLL_MS = 1000;

/**
 * Returns the annotated video of a job; the first request starts its render.
 * @throws AppError `JOB_NOT_FOUND` if the job has no result, or the error of the render.
 */
export async function annotatedVideo(
  deps: Deps,
  eventId: string,
  options?: AwaitRenderOptions,
): Promise<RenderState> {
  const result = await findResult(deps.objects, eventId);
  if (!result) throw noResult(eventId);
  return awaitRender(deps, renderOfJob(eventId, 'annotated', result.etag), options);
}

/** Returns the render of the video of a job. */
export function renderOfJob(eventId: string, kind: RenderKind, madeFrom: string): RenderRequest {
  return {
    ...{ eventId, madeFrom, input: { event_id: eventId }, key: keys.render(eventId, kind) },
    ...{ workflow: RENDERS[kind].workflow, workflowId: renderWorkflowIdOf(eventId, kind) },
  };
}

/** Streams a rendered video. @param request waits for the video */
export async function openRender(
  { objects }: Pick<Deps, 'objects'>,
  request: () => Promise<RenderState>,
): Promise<Readable> {
  for (;;) {
    const video = await request();
    if (video.state === 'ready') return objects.getStream(video.bucket, video.key);
  }
}

/** Starts a render if needed and waits for it; after the timeout, returns its progress. */
export async function awaitRender(
  deps: Deps,
  request: RenderRequest,
  { timeoutMs = Infinity, start = true, signal, onProgress }: AwaitRenderOptions = {},
): Promise<RenderState> {
  const deadline = Date.now() + timeoutMs;
  const ready = await readyOf(deps, request);
  if (ready) return ready;
  if (!start) return inProgress(deps.temporal, await describe(deps.temporal, request));
  await whileUnavailable(() => startRender(deps.temporal, request), signal, deadline);
  for (;;) {
    const run = await whileUnavailable(() => describe(deps.temporal, request), signal, deadline);
    const progress = await progressOf(deps.temporal, run);
    onProgress?.(progress);
    if (!run || !isRunning(run)) return closedRender(deps, request);
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return { state: 'making', ...progress };
    await endOrPause(deps.temporal, request, Math.min(leftMs, POLL_MS), signal);
  }
}

async function inProgress(
  temporal: Client,
  run: WorkflowExecutionDescription | undefined,
): Promise<RenderState> {
  return { state: 'making', ...(await progressOf(temporal, run)) };
}

async function readyOf(
  { objects }: Deps,
  { key, madeFrom, contentType = 'video/mp4' }: RenderRequest,
): Promise<Extract<RenderState, { readonly state: 'ready' }> | undefined> {
  const found = await renderedFrom(objects, key, madeFrom);
  return found && { state: 'ready', bucket: BUCKETS.results, key, contentType, found };
}

/** Starts a run or joins a running one; does not retry one that has just failed. */
async function startRender(temporal: Client, request: RenderRequest): Promise<void> {
  const { workflow, workflowId, input } = request;
  const last = await describe(temporal, request);
  const isFresh = Date.now() - (last?.closeTime?.getTime() ?? 0) < FAILURE_KEPT_MS;
  if (last?.status.name === 'FAILED' && isFresh) return;
  await temporal.workflow.start(workflow, {
    ...{ workflowId, taskQueue: VIDEO_QUEUE, args: [input] },
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  });
}

function describe(temporal: Client, { workflowId }: RenderRequest) {
  return describeRun(temporal, workflowId);
}

/** Reads the progress from the activity's last heartbeat. */
async function progressOf(
  temporal: Client,
  run: WorkflowExecutionDescription | undefined,
): Promise<RenderProgress> {
  const payloads = run?.raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  const [details] = await readPayloads(temporal, payloads);
  const progress = details as Partial<RenderProgress> | undefined; // a heartbeat of `renderVideo`
  return { frames_done: progress?.frames_done ?? 0, frames_total: progress?.frames_total ?? 0 };
}

/** Resolves when the run closes, or after `ms`. */
async function endOrPause(
  temporal: Client,
  { workflowId }: RenderRequest,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(ms);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const handle = temporal.workflow.getHandle(workflowId);
  await temporal.withAbortSignal(either, () => handle.result()).catch(() => undefined);
  signal?.throwIfAborted();
}

/** @throws AppError of a run that failed or was cancelled. */
async function closedRender(deps: Deps, request: RenderRequest): Promise<RenderState> {
  const { eventId, workflowId: id } = request;
  const ready = await readyOf(deps, request);
  if (ready) return ready;
  try {
    await deps.temporal.workflow.getHandle<typeof AnnotateVideo>(id).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw error.cause instanceof CancelledFailure ? renderCancelled(id) : failureOf(error, eventId);
  }
  throw new AppError(
    'JOB_FAILED',
    `The video of job ${eventId} changed during render ${id}. Request it again.`,
  );
}

function renderCancelled(id: string): AppError {
  return new AppError(
    'JOB_FAILED',
    `Render ${id} was cancelled. Request the video again to restart it.`,
  );
}
