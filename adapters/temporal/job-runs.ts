import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionStatusName,
} from '@temporalio/client';
import type { EndedRuns, RunRef } from '../../domain/job/deletion.js';
import { expectId, RENDER_KINDS, VIDEO_DETECTION } from '../../domain/names.js';
import { renderWorkflowIdOf, workflowIdOf } from '../../domain/workflow-ids.js';
import type { JobRuns, JobToEnd, WorkflowsOfJob } from '../../domain/ports/runs.js';
import {
  deleteRun,
  describeRun,
  hasOpenRun,
  isBeingDeleted,
  isRunning,
  isWorkflowNotFound,
} from '../../domain/temporal-runs.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';

/**
 * Upper bound of the time that activities run on after the end of a terminated run: the longest
 * timeout of one without a heartbeat.
 */
const SETTLE_MS = 30_000;
const POLL_MS = 300;

/** Statuses of runs that ended without waiting for their activities. */
const ENDED_BY_SERVER: readonly WorkflowExecutionStatusName[] = ['TERMINATED', 'TIMED_OUT'];

/** Ends and deletes runs of jobs through Temporal's API. */
export function createJobRuns(client: Client): JobRuns {
  return {
    end: (job) => callTemporal(client, () => endRuns(client, job)),
    isRunning: (job) => callTemporal(client, () => hasRunning(client, job)),
    delete: (runs, signal) => callTemporal(client, () => deleteRuns(client, runs, signal)),
    isBeingDeleted: (eventId) => callTemporal(client, () => isBeingDeleted(client, eventId)),
    isWorkflowRunning: (workflowId) => callTemporal(client, () => hasOpenRun(client, workflowId)),
  };
}

async function endRuns(client: Client, job: JobToEnd): Promise<EndedRuns> {
  const ids = await findWorkflowIds(client, job);
  const runs = (await Promise.all(ids.map((id) => findRuns(client, id, job)))).flat();
  const running = runs.filter(isRunning);
  await Promise.all(running.map((run) => endRun(client, run, job)));
  const closed = runs.filter((run) => !isRunning(run));
  return {
    runs: closed.map(({ workflowId, runId }) => ({ workflow_id: workflowId, run_id: runId })),
    running: running.length > 0,
    settling: closed.some(isSettling),
  };
}

async function hasRunning(client: Client, job: WorkflowsOfJob): Promise<boolean> {
  const ids = await findWorkflowIds(client, job);
  const newest = await Promise.all(ids.map((id) => describeRun(client, id)));
  return newest.some((run) => run !== undefined && isRunning(run));
}

/** Ids of the workflows of a job and of its renders; jobs may have any workflow id. */
async function findWorkflowIds(
  client: Client,
  { eventId, workflowId, renders }: WorkflowsOfJob,
): Promise<string[]> {
  const ofVideo = RENDER_KINDS.map((kind) => renderWorkflowIdOf(eventId, kind));
  const ids = new Set([workflowIdOf(eventId), ...ofVideo, ...renders]);
  if (workflowId !== undefined) ids.add(workflowId);
  const query = `WorkflowType = '${VIDEO_DETECTION}' AND EventId = '${expectId('an event_id', eventId)}'`;
  for await (const run of client.workflow.list({ query })) ids.add(run.workflowId);
  return [...ids];
}

async function endRun(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
  { force }: JobToEnd,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    if (force) await handle.terminate('The job is deleted.');
    else if (!raw.workflowExtendedInfo?.cancelRequested) await handle.cancel();
  } catch (error) {
    if (!isWorkflowNotFound(error)) throw error; // else it has ended
  }
}

/** All runs of a workflow that belong to the job, described. */
async function findRuns(
  client: Client,
  workflowId: string,
  job: JobToEnd,
): Promise<WorkflowExecutionDescription[]> {
  const newest = await describeRun(client, workflowId);
  const ids = new Set(newest ? [newest.runId] : []);
  // Double quotes delimit any text with the escapes of JSON.
  const query = `WorkflowId = ${JSON.stringify(workflowId)}`;
  for await (const { runId } of client.workflow.list({ query })) ids.add(runId);
  const runs: WorkflowExecutionDescription[] = [];
  for (const id of ids) {
    const run = await describeRun(client, workflowId, id);
    if (run && (await isOfJob(client, run, job))) runs.push(run);
  }
  return runs;
}

/** Whether a run does not belong to a new job with the same id: its chain started before. */
async function isOfJob(
  client: Client,
  run: WorkflowExecutionDescription,
  { startedBefore }: JobToEnd,
): Promise<boolean> {
  if (run.type !== VIDEO_DETECTION || run.startTime < startedBefore) return true;
  const firstRunId = run.raw.workflowExecutionInfo?.firstRunId ?? run.runId;
  const first = await describeRun(client, run.workflowId, firstRunId);
  return (first ?? run).startTime < startedBefore;
}

function isSettling({ status, closeTime }: WorkflowExecutionDescription): boolean {
  const closedAt = closeTime?.getTime() ?? 0;
  return ENDED_BY_SERVER.includes(status.name) && Date.now() - closedAt < SETTLE_MS;
}

async function deleteRuns(
  client: Client,
  runs: readonly RunRef[],
  signal: AbortSignal,
): Promise<void> {
  for (const { workflow_id: workflowId, run_id: runId } of runs) {
    await deleteRun(client, { workflowId, runId });
  }
  // The server deletes in the background.
  for (const { workflow_id, run_id } of runs) {
    while (await describeRun(client, workflow_id, run_id)) {
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}
