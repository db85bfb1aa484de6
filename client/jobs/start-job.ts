import { randomUUID } from 'node:crypto';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { jobBeingDeleted } from '../../domain/job/deletion.js';
import type { JobInput } from '../../domain/job/job-input.js';
import { requestOf } from '../../domain/job/job-request.js';
import { findResult } from '../../domain/job/job-store.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { fairnessKeyOf, workflowIdOf } from '../../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import type { ObjectStat } from '../../domain/ports/object-store.js';
import { encryptsPayloads } from '../../domain/temporal-payloads.js';
import { isBeingDeleted } from '../../domain/temporal-runs.js';
import type { VideoDetection } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import type { Submitted } from '../types.js';
import { describeJob } from './describe-job.js';

/** A job whose event id, model version and video are known. */
export interface JobStart {
  readonly input: JobInput & { readonly event_id: string };
  readonly video: ObjectStat;
  readonly priority: number | undefined;
  readonly fingerprint: string;
}

/**
 * Starts the workflow of a job, or returns the existing run of the same job unless its result is lost.
 * @throws AppError `EVENT_EXISTS` if the event id belongs to another job, `JOB_BEING_DELETED`.
 */
export async function startJob(
  { temporal, documents, objects }: VidetteClientDeps,
  job: JobStart,
): Promise<Submitted> {
  const { event_id, video_id } = job.input;
  if (await isBeingDeleted(temporal, event_id)) throw jobBeingDeleted(event_id);
  let { run, started } = await startOrFind(temporal, job, 'ALLOW_DUPLICATE_FAILED_ONLY');
  if (!started) {
    const former = run.memo?.fingerprint ?? (await documents.findEvent(event_id))?.fingerprint;
    expectSameJob(event_id, former, job.fingerprint);
    const isLost = run.status.name === 'COMPLETED' && !(await findResult(objects, event_id));
    if (isLost) ({ run, started } = await startOrFind(temporal, job, 'ALLOW_DUPLICATE'));
  }
  return { event_id, video_id, workflow_id: run.workflowId, run_id: run.runId, started };
}

/** Starts the workflow of a job unless the policy keeps its last run; returns its last run. */
async function startOrFind(
  temporal: Client,
  job: JobStart,
  workflowIdReusePolicy: WorkflowStartOptions['workflowIdReusePolicy'],
) {
  const submission = randomUUID();
  const options = startOptions(job, encryptsPayloads(temporal));
  try {
    await temporal.workflow.start<typeof VideoDetection>(VIDEO_DETECTION, {
      ...options,
      workflowIdReusePolicy,
      memo: { ...options.memo, submission, fingerprint: job.fingerprint },
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  // The server does not report whether it started this run or returned an existing one.
  const run = await temporal.workflow.getHandle(options.workflowId).describe();
  return { run, started: run.memo?.submission === submission };
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
  { input, video, priority }: JobStart,
  payloadsEncrypted: boolean,
): WorkflowStartOptions<typeof VideoDetection> {
  const { event_id, video_id } = input;
  return {
    taskQueue: VIDEO_QUEUE,
    workflowId: workflowIdOf(event_id),
    args: [requestOf(input)],
    workflowIdConflictPolicy: 'USE_EXISTING',
    priority: { fairnessKey: fairnessKeyOf(event_id), ...(priority && { priorityKey: priority }) },
    ...describeJob(input, video),
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.eventId, value: event_id },
      // Search attributes are never encrypted.
      ...(payloadsEncrypted ? [] : [{ key: SEARCH_ATTRIBUTES.videoId, value: video_id }]),
      // The workflow sets `JobStatus` when it has written the event; lists rely on that.
    ],
  };
}
