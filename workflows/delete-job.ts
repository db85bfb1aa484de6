import { log, sleep, workflowInfo } from '@temporalio/workflow';
import type { DeletedJob, DeleteRequest, EndedRuns } from '../domain/job/deletion.js';
import { deletionActivities, listingActivities } from './activity-proxies.js';

/** Time that cancelled runs have to close before they are terminated. */
const CANCEL_MS = 60_000;
/** First and longest interval between two checks of runs that are closing, in milliseconds. */
const POLL_MS = { first: 500, longest: 5000 };
/** Time after which the activities of a run that was ended from outside write no more. */
const SETTLE = '30s';

/**
 * Deletes a job: ends its runs, then removes its objects, documents and runs. A pass that finds runs
 * is followed by another one, because what such a run did in the meantime must not remain. Video
 * workers remove the files of a job without an event from their hosts.
 */
export async function DeleteJob({ event_id, ended_before }: DeleteRequest): Promise<DeletedJob> {
  const total = { objects: 0, documents: 0, runs: 0 };
  // While this workflow runs, no job opens under the id.
  if (ended_before && !(await listingActivities.endedBefore({ event_id, ended_before })))
    return { event_id, ...total, kept: true };
  for (;;) {
    const { runs, settling } = await endRuns(event_id);
    const { objects, documents } = await deletionActivities.deleteJobData({ event_id });
    await deletionActivities.deleteRuns({ event_id, runs });
    total.objects += objects;
    total.documents += documents;
    total.runs += runs.length;
    if (runs.length === 0) break;
    if (settling) await sleep(SETTLE);
  }
  log.info('job deleted', { event: event_id, ...total });
  return { event_id, ...total, kept: false };
}

/** Cancels the runs of a job; resolves with them when they have closed. */
async function endRuns(event_id: string): Promise<EndedRuns> {
  const started_before = workflowInfo().startTime.toISOString();
  const deadline = Date.now() + CANCEL_MS;
  let pauseMs = POLL_MS.first;
  for (;;) {
    const force = Date.now() >= deadline;
    const ended = await listingActivities.endRuns({ event_id, started_before, force });
    if (!ended.running) return ended;
    // Waiting takes no slot of the worker, which the closing job may need.
    await sleep(pauseMs);
    pauseMs = Math.min(2 * pauseMs, POLL_MS.longest);
  }
}
