import pMap from 'p-map';
import type { StartedBatch, SubmitOptions, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { findJob, reportOf } from '../run-job.js';
import { type DetectRequest, type DetectServers, withModelOf } from './detection.js';
import { followBatch } from './follow-batch.js';
import { type IngestedVideo, ingestVideos } from './ingest-videos.js';
import { explainInterruption, interruptedBatchText } from './interrupted-text.js';
import { exitCodeOfMany, formatMany, manyData, type VideoReport } from './many-report.js';
import type { ResultPathOf } from './result-place.js';
import type { NamedVideo } from './video-argument.js';

/** Jobs whose results are read at the same time. */
const READ_AT_ONCE = 4;

/** Detects several videos as a batch, prints a table of its jobs, and returns the exit code. */
export async function detectMany(
  app: App,
  servers: DetectServers,
  videos: readonly NamedVideo[],
  { options, resultPathOf, wait }: DetectRequest,
): Promise<number> {
  const { client, owned } = servers;
  const resolved = await withModelOf(app, servers, options);
  await client.checkOptions(resolved);
  const ingested = await ingestVideos(app, client, videos);
  const batch = await startBatch(app, client, ingested, resolved);
  const submitted = ingested.map((each) => submittedOf(each, batch));
  if (wait && batch) {
    const { batch_id, jobs } = batch;
    await followBatch(app, client, batch_id, jobs.length).catch(
      explainInterruption(interruptedBatchText(batch_id, owned)),
    );
  }
  const id = batch?.batch_id ?? null;
  const reports = wait
    ? await readReports(client, { videos: submitted, batchId: id }, resultPathOf)
    : submitted;
  app.out.result({ batch_id: id, ...manyData(reports) }, formatMany(id, reports));
  return exitCodeOfMany(reports);
}

/** Starts the batch of the stored videos; returns undefined if all videos were rejected. */
async function startBatch(
  { out, signal }: App,
  client: VidetteClient,
  ingested: readonly IngestedVideo[],
  options: SubmitOptions,
): Promise<StartedBatch | undefined> {
  const ids = ingested.flatMap((each) => ('error' in each ? [] : each.video_id));
  if (ids.length === 0) return undefined;
  const batch = await client.batches.start(ids, { ...options, signal });
  out.step(`batch ${batch.batch_id} ${batch.started ? 'started' : 'exists already'}`);
  return batch;
}

function submittedOf(video: IngestedVideo, batch: StartedBatch | undefined): VideoReport {
  if ('error' in video) return video;
  const job = batch?.jobs.find(({ video_id }) => video_id === video.video_id);
  return { name: video.name, job: job! }; // a batch has a job for each video that is stored
}

/** Adds the closed jobs, and writes their results to this host. */
async function readReports(
  client: VidetteClient,
  { videos, batchId }: { readonly videos: readonly VideoReport[]; readonly batchId: string | null },
  resultPathOf: ResultPathOf,
): Promise<VideoReport[]> {
  const deleted = new Set(batchId === null ? [] : await client.batches.deletedJobs(batchId));
  const read = async (video: VideoReport): Promise<VideoReport> => {
    if ('error' in video) return video;
    const { event_id } = video.job;
    const job = await findJob(client, event_id);
    if (!job) return { ...video, absent: deleted.has(event_id) ? 'deleted' : 'missing' };
    const report = await reportOf(client, job);
    const path = report.overview ? resultPathOf(event_id) : null;
    if (path !== null) await client.resultFile(event_id, path);
    return { ...video, closed: { report, path } };
  };
  return pMap(videos, read, { concurrency: READ_AT_ONCE });
}
