import { AppError } from '../../domain/errors.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { parseCatalogueSpec } from '../../domain/model/mlflow-ref.js';
import { MODEL_FORMS } from '../../domain/model/model-spec.js';
import type {
  DocumentStore,
  EventPosition,
  EventQuery,
} from '../../domain/ports/document-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { findBatch } from '../batches/find-batch.js';
import { PAGE_LIMIT } from '../paging.js';
import type { Job } from '../types.js';
import { jobOfEvent } from './job-views.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import { listUnopenedJobs, type RunList, type UnopenedJob } from './unopened-jobs.js';

/** Selects jobs; a job must match every given field. */
export interface JobFilter {
  readonly status?: JobStatus | undefined;
  /** Part of an event_id, video_id or video_name, case-insensitive. */
  readonly text?: string | undefined;
  /** Part of a video_id or video_name, case-insensitive. */
  readonly video?: string | undefined;
  /** `name` (all versions), `name@version`, or an alias, which stands for its version. */
  readonly model?: string | undefined;
  /** Class of which the job detected an object. */
  readonly className?: string | undefined;
  /** Id of a batch that the job is in. */
  readonly batch?: string | undefined;
  /** Only jobs that were started at this time or later. */
  readonly since?: Date | undefined;
}

export interface JobPageOptions extends JobFilter {
  /** Maximum number of jobs of the page; default: 20. */
  readonly limit?: number;
  /** `next` of the previous page. */
  readonly cursor?: string;
}

/** Jobs, newest first, and the cursor of the next page; null on the last one. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly next: string | null;
}

export interface ListJobsOptions extends JobFilter {
  /** Default: 20. */
  readonly limit?: number;
}

/** Sources of the list; part of the dependencies of a client. */
export interface JobListDeps {
  readonly temporal: RunList;
  readonly models: Pick<ModelRegistry, 'resolve'>;
  readonly documents: Pick<DocumentStore, 'batches' | 'listEvents' | 'findStatuses'>;
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
  { limit = PAGE_LIMIT, cursor, ...filter }: JobPageOptions = {},
): Promise<JobPage> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const query = await queryOf(deps, filter);
  const unopened = await listUnopenedJobs(deps.temporal, filter.status);
  const events = await deps.documents.listEvents({ limit: limit + 1, ...query, after });
  const wanted = unopened.filter((job) => isAfter(job, after) && isSelected(job, query));
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
  options: ListJobsOptions = {},
): Promise<readonly Job[]> {
  return (await jobPage(deps, options)).jobs;
}

type Selection = Omit<EventQuery, 'limit' | 'after'>;

async function queryOf(
  { documents, models }: Pick<JobListDeps, 'documents' | 'models'>,
  { model, batch, ...filter }: JobFilter,
): Promise<Selection> {
  return {
    ...filter,
    ...(model !== undefined && { model: await selectModel(models, model) }),
    ...(batch !== undefined && {
      eventIds: (await findBatch(documents, batch)).jobs.map(({ event_id }) => event_id),
    }),
  };
}

/** A name alone selects all of its versions, any other form the version that it refers to. */
async function selectModel(
  models: JobListDeps['models'],
  model: string,
): Promise<Selection['model']> {
  const spec = parseCatalogueSpec(model);
  if (!spec) {
    throw new AppError(
      'INVALID_INPUT',
      `Expected a model as ${MODEL_FORMS}, received ${JSON.stringify(model.slice(0, 80))}.`,
    );
  }
  const { name } = spec;
  if (model === name) return { name };
  return { name, version: spec.version ?? (await models.resolve(model)).version };
}

/** Drops jobs that do have an event: of a former run, or one that Temporal has not indexed yet. */
async function withoutEvent(
  { documents }: JobListDeps,
  jobs: readonly UnopenedJob[],
): Promise<Entry[]> {
  if (jobs.length === 0) return [];
  const found = await documents.findStatuses(jobs.map(({ event_id }) => event_id));
  return jobs.filter(({ event_id }) => !found.has(event_id));
}

/** Whether a job without an event matches; its model and classes are unknown. */
function isSelected(
  { job, created_at }: Entry,
  { text, video, model, className, eventIds, since }: Selection,
): boolean {
  const ids = [job.event_id, job.video_id ?? ''];
  const isKnown = model === undefined && className === undefined;
  return (
    isKnown &&
    contain(ids, text) &&
    contain(ids.slice(1), video) &&
    (!eventIds || eventIds.includes(job.event_id)) &&
    (!since || created_at >= since)
  );
}

function contain(ids: readonly string[], text = ''): boolean {
  return ids.some((id) => id.toLowerCase().includes(text.toLowerCase()));
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
