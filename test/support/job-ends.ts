import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'vitest';
import { sampledFrames } from '../../domain/video/frame-range.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import type { FrameRow, SkippedFrame } from '../../domain/result/result.js';
import type { ConnectedStack } from './connected-stack.js';

/** How a job ended. */
export type JobEnd =
  { readonly status: 'ready' } | { readonly code: string; readonly message: string };

/** Runs a job to its end; rethrows errors other than a failure of the job. */
export async function endOf(stack: ConnectedStack, request: JobRequest): Promise<JobEnd> {
  const handle = await stack.start(request);
  try {
    const { status } = await handle.result();
    if (status !== 'ready') throw new Error(`The job ended as ${status}`);
    return { status };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    if (!(cause instanceof ApplicationFailure)) throw error;
    const { type, message } = cause;
    const event = await stack.documents.findEvent(request.event_id!);
    expect(event).toMatchObject({ status: 'failed', error: message, result: null });
    return { code: type ?? 'none', message };
  }
}

/** Outcome of the sampled frames of a job. */
export interface Account {
  readonly planned: number;
  readonly rows: readonly FrameRow[];
  readonly detected: readonly number[];
  readonly skipped: readonly SkippedFrame[];
}

/** Returns the frames of a result; each must be detected or skipped exactly once. */
export async function accountOf(stack: ConnectedStack, eventId: string): Promise<Account> {
  const { frames: rows, skipped, summary } = await stack.result(eventId);
  const stored = await stack.objects.get(BUCKETS.results, keys.plan(eventId));
  const plan = JSON.parse(stored.toString('utf8')) as VideoPlan;
  const detected = rows.map(({ frame }) => frame);
  const accounted = [...detected, ...skipped.map(({ frame }) => frame)].sort((a, b) => a - b);
  expect(accounted).toEqual(sampledFrames(0, plan.video.frame_count, plan.parameters.every));
  expect(accounted).toHaveLength(plan.sampled_frames);
  expect(summary).toMatchObject({ frames: detected.length, skipped: skipped.length });
  return { planned: plan.sampled_frames, rows, detected, skipped };
}
