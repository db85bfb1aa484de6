import pMap from 'p-map';
import type { OnIngest, SubmitOptions } from '../../client/index.js';
import { AppError, type ErrorCode } from '../../domain/errors.js';
import type { App } from '../app.js';
import { EXIT, Interrupted } from '../exit-codes.js';
import { createJobViews } from '../job-views.js';
import { explain } from '../output.js';
import { reportIngest, reportOf } from '../run-job.js';
import { type DetectRequest, type DetectServers, withModelOf } from './detection.js';
import {
  exitCodeOfMany,
  formatMany,
  manyData,
  type ManyReport,
  type Submission,
} from './many-report.js';
import { expectVideoFile } from './expect-video.js';
import { interruptedJobsText } from './interrupted-text.js';
import type { ResultPathOf } from './result-place.js';
import type { NamedVideo } from './video-argument.js';

/** Videos that are ingested at the same time. */
const SUBMITTED_AT_ONCE = 2;
/** Jobs that are followed at the same time, the oldest first. */
const FOLLOWED_AT_ONCE = 4;

/** Detects several videos, prints a table of their jobs, and returns the exit code. */
export async function detectMany(
  app: App,
  servers: DetectServers,
  videos: readonly NamedVideo[],
  { options, resultPathOf, wait }: DetectRequest,
): Promise<number> {
  const resolved = await withModelOf(app, servers, options);
  const submissions = await submitAll(app, servers, videos, resolved);
  if (!wait) {
    app.out.result(manyData(submissions, []), formatMany(submissions, []));
    return submissions.some((each) => 'error' in each) ? EXIT.FAILED : EXIT.OK;
  }
  const reports = await followAll(app, servers, submissions, resultPathOf);
  app.out.result(manyData(submissions, reports), formatMany(submissions, reports));
  return exitCodeOfMany(submissions, reports);
}

/** Submits all videos; one that is rejected does not stop the others. */
async function submitAll(
  { out, signal }: App,
  { client, owned }: DetectServers,
  videos: readonly NamedVideo[],
  options: SubmitOptions,
): Promise<Submission[]> {
  let submitted = 0;
  const submit = async ({ name, video }: NamedVideo): Promise<Submission> => {
    try {
      if ('path' in video) await expectVideoFile(video.path);
      const onIngest: OnIngest = (ingest) => reportIngest(out)({ ...ingest, name });
      const job = await client.submit(video, { ...options, signal, onIngest });
      submitted++;
      out.step(`${name}: job ${job.event_id} ${job.started ? 'started' : 'exists already'}`);
      return { name, job };
    } catch (error) {
      if (signal.aborted) {
        const left = videos.length - submitted;
        throw new Interrupted(interruptedJobsText(submitted, left, owned));
      }
      if (!isVideoError(error)) throw error;
      out.step(`rejected: ${explain(error)}`);
      return { name, error };
    }
  };
  return pMap(videos, submit, { concurrency: SUBMITTED_AT_ONCE });
}

/** Errors of one video, which do not concern the others. */
const VIDEO_ERRORS: readonly ErrorCode[] = [
  ...(['VIDEO_NOT_FOUND', 'VIDEO_CHANGED', 'BAD_VIDEO', 'LIMIT_EXCEEDED'] as const),
  ...(['URL_FORBIDDEN', 'DOWNLOAD_FAILED'] as const),
];

function isVideoError(error: unknown): boolean {
  return error instanceof AppError && VIDEO_ERRORS.includes(error.code);
}

/** Follows all jobs until they close, and writes their results into the folder. */
async function followAll(
  { out, signal: interrupted }: App,
  { client, owned }: DetectServers,
  submissions: readonly Submission[],
  resultPathOf: ResultPathOf,
): Promise<ManyReport[]> {
  const jobs = submissions.filter((each) => 'job' in each);
  const views = createJobViews(
    out,
    jobs.map(({ name }) => name),
  );
  const failed = new AbortController();
  const signal = AbortSignal.any([interrupted, failed.signal]);
  let closed = 0;
  const follow = async ({ name, job: { event_id } }: (typeof jobs)[number]) => {
    const view = views.add(name);
    for await (const progress of client.status(event_id, { signal })) view.update(progress);
    const report = await reportOf(client, await client.job(event_id));
    const written = report.overview ? resultPathOf(event_id) : null;
    if (written !== null) await client.resultFile(event_id, written);
    closed++;
    views.close(view, report.job.status);
    return { name, report, path: written };
  };
  try {
    return await pMap(jobs, follow, { concurrency: FOLLOWED_AT_ONCE });
  } catch (error) {
    if (!interrupted.aborted) throw error;
    throw new Interrupted(interruptedJobsText(jobs.length - closed, 0, owned));
  } finally {
    failed.abort();
    views.stop();
  }
}
