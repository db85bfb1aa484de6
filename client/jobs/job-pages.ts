import pMap from 'p-map';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { JobStatus } from '../../domain/job/job-status.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';
import { jobOfEvent, jobOfRun } from './job-views.js';
import { decodeCursor, encodeCursor, type PageCursor } from './page-cursor.js';
import { ATTRIBUTES, describeRun, eventIdOfRun, findRun, statusOfRun } from './runs.js';
import type { Job } from '../types.js';

export interface JobPageOptions {
  /** Jobs of a page; default: 20. */
  readonly limit?: number;
  readonly status?: JobStatus;
  /** Part of an event_id or video_id, in letters of any case. */
  readonly text?: string;
  /** The `next` of the page before. */
  readonly cursor?: string;
}

/** Some jobs, and where those after them begin; null at the end. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly next: string | null;
}

const LIMIT = 20;
/** Jobs that are looked at for one page; a rare text gives a short page with more after it. */
const LOOKED_AT_MAX = 1000;
const CONCURRENT_LOOKS = 8;
/** Number of this state in Temporal's API. */
const RUNNING = 1;

/** States of Temporal in which a job of this status is. */
const STATES: Record<JobStatus, readonly string[]> = {
  processing: ['Running'],
  predictable: ['Running'],
  ready: ['Completed'],
  failed: ['Failed', 'TimedOut'],
  cancelled: ['Canceled', 'Terminated'],
};

interface Search extends Omit<JobPageOptions, 'cursor' | 'limit'> {
  readonly limit: number;
}

/** A page of jobs: first those that Temporal knows, then those that only the events remember. */
export async function jobPage(
  deps: VidetteClientDeps,
  { limit = LIMIT, cursor, ...filter }: JobPageOptions = {},
): Promise<JobPage> {
  const search = { limit, ...filter };
  const jobs: Job[] = [];
  let next: PageCursor | undefined = cursor === undefined ? { token: '' } : decodeCursor(cursor);
  for (let looked = 0; next && jobs.length < limit && looked < LOOKED_AT_MAX; looked += limit) {
    next =
      'token' in next
        ? await addKnown(deps, search, jobs, next.token)
        : await addForgotten(deps, search, jobs, new Date(next.before));
  }
  return { jobs, next: next ? encodeCursor(next) : null };
}

/** Adds jobs of one page of Temporal's list, which ends where the jobs are enough. */
async function addKnown(
  deps: VidetteClientDeps,
  search: Search,
  jobs: Job[],
  token: string,
): Promise<PageCursor> {
  const { temporal } = deps;
  const { executions, nextPageToken } = await temporal.workflowService.listWorkflowExecutions({
    namespace: temporal.options.namespace,
    query: queryOf(search.status),
    pageSize: search.limit - jobs.length,
    nextPageToken: Buffer.from(token, 'base64'),
  });
  const newest = (listed: Listed) => newestRun(deps, listed);
  const runs = await pMap(executions, newest, { concurrency: CONCURRENT_LOOKS });
  for (const run of runs) if (run && isWanted(search, run)) jobs.push(await jobOfRun(deps, run));
  return nextPageToken?.length
    ? { token: Buffer.from(nextPageToken).toString('base64') }
    : { before: new Date().toISOString() };
}

interface Listed {
  readonly execution?: {
    readonly workflowId?: string | null;
    readonly runId?: string | null;
  } | null;
  readonly status?: number | null;
}

/** The run that was listed, unless its job was run again since. */
async function newestRun(
  { temporal }: VidetteClientDeps,
  { execution, status }: Listed,
): Promise<WorkflowExecutionDescription | undefined> {
  const run = execution?.workflowId ? await describeRun(temporal, execution.workflowId) : undefined;
  // A run that was open then may have gone on as another one.
  return status === RUNNING || run?.runId === execution?.runId ? run : undefined;
}

function isWanted({ status, text }: Search, run: WorkflowExecutionDescription): boolean {
  const isStatus = status === undefined || statusOfRun(run) === status;
  const videoId = run.typedSearchAttributes.get(ATTRIBUTES.videoId) ?? '';
  return isStatus && hasText(text, [eventIdOfRun(run), videoId]);
}

function hasText(text: string | undefined, ids: readonly string[]): boolean {
  const sought = text?.toLowerCase() ?? '';
  return ids.some((id) => id.toLowerCase().includes(sought));
}

/** Events of one time are never parted by the end of a page. */
async function addForgotten(
  { documents, temporal }: VidetteClientDeps,
  { limit, status, text }: Search,
  jobs: Job[],
  before: Date,
): Promise<PageCursor | undefined> {
  const events = (await documents?.listEvents(LOOKED_AT_MAX, before)) ?? [];
  let last: Date | undefined;
  for (const event of events) {
    const { event_id, video_id, created_at } = event;
    if (last && jobs.length >= limit && created_at < last) return { before: last.toISOString() };
    last = created_at;
    const job = jobOfEvent(event);
    const isStatus = status === undefined || job.status === status;
    if (!isStatus || !hasText(text, [event_id, video_id])) continue;
    // What Temporal knows is in its own list.
    if (!(await findRun(temporal, event_id))) jobs.push(job);
  }
  return last && events.length === LOOKED_AT_MAX ? { before: last.toISOString() } : undefined;
}

function queryOf(status: JobStatus | undefined): string {
  const state =
    status === undefined
      ? "ExecutionStatus != 'ContinuedAsNew'"
      : `ExecutionStatus IN (${STATES[status].map((name) => `'${name}'`).join(', ')})`;
  return `WorkflowType = '${VIDEO_DETECTION}' AND ${state}`;
}
