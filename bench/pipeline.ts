import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { JobRequest } from '../domain/job/job-input.js';
import { VIDEO_DETECTION } from '../domain/names.js';
import { workflowIdOf } from '../domain/workflow-ids.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import { VIDEO_QUEUE } from '../domain/job/task-queues.js';
import { cpuOf, perFrame } from './cpu-meter.js';

export interface PipelineRun {
  readonly event_id: string;
  readonly frames: number;
  /** Time from the start to the close of the workflow. */
  readonly seconds: number;
  readonly fps: number;
  /** Milliseconds of CPU per sampled frame, by part of the system. */
  readonly cpuMsPerFrame: readonly [string, number][];
}

/** Starts a job with a new event id. */
export async function startJob(temporal: Client, request: JobRequest) {
  const event_id = `bench-${randomUUID()}`;
  const handle = await temporal.workflow.start(VIDEO_DETECTION, {
    taskQueue: VIDEO_QUEUE,
    workflowId: workflowIdOf(event_id),
    args: [{ ...request, event_id }],
  });
  return { event_id, handle };
}

/** Runs one job through the whole pipeline, timed by Temporal's clock. */
export async function runPipeline(
  temporal: Client,
  pids: readonly number[],
  request: JobRequest,
): Promise<PipelineRun> {
  const before = cpuOf(pids);
  const { event_id, handle } = await startJob(temporal, request);
  const outcome = (await handle.result()) as JobOutcome;
  const after = cpuOf(pids);
  const { startTime, closeTime } = await handle.describe();
  const seconds = (closeTime!.getTime() - startTime.getTime()) / 1000;
  const { frames } = outcome;
  const cpuMsPerFrame = perFrame(before, after, frames);
  return { event_id, frames, seconds, fps: frames / seconds, cpuMsPerFrame };
}
