import type { JobDetails } from '../client/index.js';
import { isClosed } from '../domain/job/job-status.js';
import type { App } from './app.js';
import type { Connected } from './connect.js';
import { findPage } from './page.js';

/** A job with what `vidette job` shows in addition; null is unknown. */
export interface JobView extends JobDetails {
  readonly objects_by_class: Readonly<Record<string, number>> | null;
  /** URL of its page. */
  readonly page: string | null;
}

/** Reads a job with its options, counts and page. @throws AppError `JOB_NOT_FOUND`. */
export async function readJobView(
  { config }: App,
  { client }: Connected,
  eventId: string,
): Promise<JobView> {
  const job = await client.job(eventId);
  const overview = isClosed(job.status) ? await client.resultOverview(eventId) : undefined;
  return {
    ...job,
    objects_by_class: overview?.objects_by_class ?? null,
    page: (await findPage(config, eventId)) ?? null,
  };
}
