import prettyBytes from 'pretty-bytes';
import { hasCode } from '../domain/errors.js';
import { isClosed } from '../domain/job/job-status.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import type {
  JobDetails,
  OnIngest,
  ResultOverview,
  Submitted,
  SubmitOptions,
  VideoInput,
  VidetteClient,
} from '../client/index.js';
import type { App } from './app.js';
import { Interrupted } from './exit-codes.js';
import { formatDevices, fpsOf } from './format.js';
import type { Output } from './output.js';
import { createProgressView } from './progress-view.js';

/** A closed job and its result. */
export interface JobReport {
  readonly job: JobDetails;
  /** Undefined if the job failed. */
  readonly outcome: JobOutcome | undefined;
  readonly overview: ResultOverview | undefined;
}

/** Submits a video and reports whether its job is new. */
export async function submitVideo(
  { out, signal }: App,
  client: VidetteClient,
  video: VideoInput,
  options: SubmitOptions,
): Promise<Submitted> {
  const submitted = await client.submit(video, {
    ...options,
    signal,
    onIngest: reportIngest(out),
  });
  out.step(`job ${submitted.event_id} ${submitted.started ? 'started' : 'exists already'}`);
  return submitted;
}

/** Reports the progress of ingesting a file or URL. */
export function reportIngest(out: Output): OnIngest {
  return ({ step, name, bytes }) => {
    out.step(`${step} ${name}${bytes === null ? '' : ` (${prettyBytes(bytes)})`}`);
  };
}

/** Shows a job until it closes. */
export async function followJob(
  { out, signal }: App,
  client: VidetteClient,
  eventId: string,
): Promise<JobReport> {
  const view = createProgressView(out);
  try {
    for await (const progress of client.status(eventId, { signal })) view.update(progress);
  } catch (error) {
    // An aborted timer throws an error of its own.
    throw signal.aborted ? new Interrupted('Interrupted.') : error;
  } finally {
    view.stop();
  }
  return reportOf(client, await client.job(eventId));
}

/** Returns a job; undefined if it does not exist. */
export async function findJob(
  client: VidetteClient,
  eventId: string,
): Promise<JobDetails | undefined> {
  try {
    return await client.job(eventId);
  } catch (error) {
    if (hasCode(error, 'JOB_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Returns a job with its result, if it has one. */
export async function reportOf(client: VidetteClient, job: JobDetails): Promise<JobReport> {
  if (job.status === 'failed' || !isClosed(job.status)) {
    return { job, outcome: undefined, overview: undefined };
  }
  const overview = await client.resultOverview(job.event_id);
  const outcome = await client.result(job.event_id);
  return { job, outcome, overview };
}

/** Returns a closed job in the form of `--json`. */
export function reportData({ job, outcome, overview }: JobReport, path: string | null) {
  const frames = outcome?.frames ?? 0;
  const skipped = outcome?.skipped ?? 0;
  return {
    event_id: job.event_id,
    video_id: job.video_id,
    status: job.status,
    frames,
    ...(overview?.inferred !== undefined && { inferred: overview.inferred }),
    skipped,
    objects: outcome?.objects ?? 0,
    objects_by_class: overview?.objects_by_class ?? {},
    seconds: job.seconds,
    fps: fpsOf(frames + skipped, job.seconds),
    device: formatDevices(outcome?.device.used ?? {}),
    result: outcome && overview ? { ...outcome.result, path } : null,
    ...(job.error && { error: job.error }),
  };
}
