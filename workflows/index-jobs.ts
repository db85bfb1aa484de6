import { continueAsNew, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { IndexedJobs, IndexJobsRequest } from '../domain/search/index-request.js';
import { listingActivities, wholeVideoActivities } from './activity-proxies.js';
import { forEachInWindow } from './window.js';

/** Number of jobs that are indexed at the same time: detection goes before. */
const WIDTH = 2;

/** State that a run passes to the next one when it continues as new. */
interface CarriedIndexing {
  readonly before: string;
  readonly after?: string;
  readonly counts: IndexedJobs;
}

type Counts = Record<keyof IndexedJobs, number>;

/**
 * Stores the sightings of jobs that ended before it started, so that the search finds them. A job that
 * cannot be indexed does not stop the others.
 */
export async function IndexJobs(
  request: IndexJobsRequest,
  carried?: CarriedIndexing,
): Promise<IndexedJobs> {
  const before = carried?.before ?? new Date().toISOString();
  const counts: Counts = carried?.counts ?? { indexed: 0, skipped: 0, failed: 0 };
  let after = carried?.after;
  for (;;) {
    const query = { before, after, all: request.all };
    const { event_ids, next } = await listingActivities.listIndexable(query);
    const work = async (index: number) => {
      counts[await indexJob(event_ids[index]!)]++;
    };
    const page = { from: 0, to: event_ids.length, width: WIDTH };
    await forEachInWindow(page, work, () => false);
    if (next === undefined) return counts;
    after = next;
    if (!workflowInfo().continueAsNewSuggested) continue;
    return continueAsNew<typeof IndexJobs>(request, { before, after, counts });
  }
}

/** Indexes a job; returns the count to which it belongs. */
async function indexJob(event_id: string): Promise<keyof IndexedJobs> {
  try {
    return (await wholeVideoActivities.indexJob({ event_id })) ? 'indexed' : 'skipped';
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('job not indexed', { event: event_id, reason: String(error) });
    return 'failed';
  }
}
