import pMap from 'p-map';
import type { Batch, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { createBatchView, type RunningJob } from '../batch-view.js';
import { Interrupted } from '../exit-codes.js';
import { findJob } from '../run-job.js';

/** Maximum number of jobs whose progress is shown. */
const SHOWN = 4;

/** Shows a batch until all of its jobs have closed, and returns its last state. */
export async function followBatch(
  { out, signal: interrupted }: App,
  client: VidetteClient,
  batchId: string,
  total: number,
): Promise<Batch> {
  const view = createBatchView(out, total);
  try {
    let last: Batch | undefined;
    for await (const batch of client.batches.status(batchId, { signal: interrupted })) {
      last = batch;
      view.show(batch, view.showsJobs ? await readRunning(client, batchId) : []);
    }
    return last!; // a status is yielded at least once
  } catch (error) {
    // An aborted timer throws an error of its own.
    throw interrupted.aborted ? new Interrupted('Interrupted.') : error;
  } finally {
    view.stop();
  }
}

async function readRunning(client: VidetteClient, batch: string): Promise<RunningJob[]> {
  const jobs = await client.jobs({ batch, status: 'processing', limit: SHOWN });
  const details = await pMap(jobs, ({ event_id }) => findJob(client, event_id));
  return details.flatMap((job) =>
    job?.progress ? [{ name: job.video_name ?? job.event_id, progress: job.progress }] : [],
  );
}
