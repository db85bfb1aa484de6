import type { JobStatus } from '../../domain/job/job-status.js';
import type { DocumentStore, EventPosition } from '../../domain/ports/document-store.js';
import { PAGE_LIMIT } from '../paging.js';
import type { Job } from '../types.js';
import { jobOfEvent } from './job-views.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import { listUnopenedJobs, type RunList, type UnopenedJob } from './unopened-jobs.js';

export interface JobPageOptions {
  /** Maximum number of jobs of the page; default: 20. */
  readonly limit?: number;
  readonly status?: JobStatus;
  /** Part of an event_id or video_id, case-insensitive. */
  readonly text?: string;
  /** `next` of the previous page. */
  readonly cursor?: string;
}

/** Jobs, newest first, and the cursor of the next page; null on the last one. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly next: string | null;
}

export interface ListJobsOptions {
  /** Default: 20. */
  readonly limit?: number;
  readonly status?: JobStatus;
}

/** Sources of the list; part of the dependencies of a client. */
export interface JobListDeps {
  readonly temporal: RunList;
  readonly documents: Pick<DocumentStore, 'listEvents' | 'findEventIds'>;
}

/** A job at its place in the list. */
interface Entry extends EventPosition {
  readonly job: Job;
}

/**
 * Returns a page of jobs. The `events` collection is the list; Temporal adds the jobs that have no
 * event yet, which it is asked for first: a job that is opened in between is then an event.
 */
export async function jobPage(
  deps: JobListDeps,
  { limit = PAGE_LIMIT, cursor, status, text }: JobPageOptions = {},
): Promise<JobPage> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const unopened = await listUnopenedJobs(deps.temporal, status);
  const events = await deps.documents.listEvents({ limit: limit + 1, status, text, after });
  const wanted = unopened.filter((job) => isAfter(job, after) && hasText(job, text));
  const entries = [
    ...events.map((event) => ({ ...positionOf(event), job: jobOfEvent(event) })),
    ...(await withoutEvent(deps, wanted)),
  ].sort(newestFirst);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return {
    jobs: page.map(({ job }) => job),
    next: last && entries.length > limit ? encodeCursor(positionOf(last)) : null,
  };
}

/** Returns the newest jobs first. */
export async function listJobs(
  deps: JobListDeps,
  { limit, status }: ListJobsOptions = {},
): Promise<readonly Job[]> {
  return (await jobPage(deps, { limit, status })).jobs;
}

/** Drops jobs that do have an event: of a former run, or one that Temporal has not indexed yet. */
async function withoutEvent(
  { documents }: JobListDeps,
  jobs: readonly UnopenedJob[],
): Promise<Entry[]> {
  if (jobs.length === 0) return [];
  const found = new Set(await documents.findEventIds(jobs.map(({ event_id }) => event_id)));
  return jobs.filter(({ event_id }) => !found.has(event_id));
}

function hasText({ job }: Entry, text: string | undefined): boolean {
  const sought = text?.toLowerCase() ?? '';
  return [job.event_id, job.video_id ?? ''].some((id) => id.toLowerCase().includes(sought));
}

function isAfter(entry: EventPosition, after: EventPosition | undefined): boolean {
  return !after || newestFirst(after, entry) < 0;
}

function positionOf({ created_at, event_id }: EventPosition): EventPosition {
  return { created_at, event_id };
}

function newestFirst(a: EventPosition, b: EventPosition): number {
  const byTime = b.created_at.getTime() - a.created_at.getTime();
  if (byTime !== 0 || a.event_id === b.event_id) return byTime;
  return a.event_id > b.event_id ? -1 : 1;
}
