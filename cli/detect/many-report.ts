import type { BatchJob } from '../../client/index.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { exitCodeOfBatch } from '../exit-codes.js';
import {
  formatClasses,
  formatCount,
  formatCounts,
  formatSeconds,
  formatStatus,
  formatTable,
} from '../format.js';
import { errorData, explain } from '../output.js';
import { type JobReport, reportData } from '../run-job.js';

/** Maximum number of classes in a row. */
const SHOWN_CLASSES = 3;

/** A closed job. */
interface ClosedJob {
  readonly report: JobReport;
  /** Copy of the result on this host. */
  readonly path: string | null;
}

/**
 * One of several videos: its job, which may have closed, or be missing because its batch was cancelled
 * before it was started, or have been deleted; or the reason why it was rejected.
 */
export type VideoReport =
  | {
      readonly name: string;
      readonly job: BatchJob;
      readonly closed?: ClosedJob;
      readonly absent?: 'missing' | 'deleted';
    }
  | { readonly name: string; readonly error: unknown };

/** Returns the jobs of several videos in the form of `--json`. */
export function manyData(videos: readonly VideoReport[]) {
  return {
    jobs: videos.flatMap((video) => ('error' in video ? [] : jobData(video))),
    rejected: videos.flatMap((video) =>
      'error' in video ? [{ name: video.name, error: errorData(video.error) }] : [],
    ),
  };
}

function jobData({ name, job, closed }: Exclude<VideoReport, { readonly error: unknown }>) {
  return { name, ...(closed ? reportData(closed.report, closed.path) : job) };
}

/** Formats the jobs of a batch: a table, the reasons of failures, and a line of counts. */
export function formatMany(batchId: string | null, videos: readonly VideoReport[]): string {
  const problems = videos.flatMap(problemOf);
  const counts = formatCounts(videos.map(statusOf));
  const parts = [
    formatVideos(videos),
    problems.join('\n'),
    batchId === null ? counts : `batch ${batchId}: ${counts}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const HEAD = ['VIDEO', 'STATUS', 'RESULT', 'JOB'];

/** Formats videos as a table, without the column of results if there are none. */
function formatVideos(videos: readonly VideoReport[]): string {
  const rows = [HEAD, ...videos.map(rowOf)];
  const hasResults = videos.some((video) => closedOf(video) !== undefined);
  return formatTable(
    hasResults ? rows : rows.map((row) => row.toSpliced(HEAD.indexOf('RESULT'), 1)),
  );
}

function rowOf(video: VideoReport): string[] {
  const report = closedOf(video);
  const status = report ? formatStatus(report.job.status) : statusOf(video);
  const eventId = 'error' in video ? '-' : video.job.event_id;
  return [video.name, status, report ? summaryOf(report) : '-', eventId];
}

/** Returns the report of a video whose job has closed. */
function closedOf(video: VideoReport): JobReport | undefined {
  return 'error' in video ? undefined : video.closed?.report;
}

function statusOf(
  video: VideoReport,
): JobStatus | 'rejected' | 'submitted' | 'missing' | 'deleted' {
  if ('error' in video) return 'rejected';
  if (video.absent !== undefined) return video.absent;
  return video.closed?.report.job.status ?? 'submitted';
}

function summaryOf({ job, overview }: JobReport): string {
  if (!overview) return job.error?.code ?? '-';
  const { frames, objects_by_class } = overview;
  const took = job.seconds === null ? '' : ` in ${formatSeconds(job.seconds)}`;
  const found = formatClasses(objects_by_class, SHOWN_CLASSES) || 'no objects';
  return `${formatCount(frames, 'frame')}${took}: ${found}`;
}

/** Returns a line with the reason if a video was rejected or its job failed. */
function problemOf(video: VideoReport): string[] {
  if ('error' in video) return [`rejected: ${explain(video.error)}`];
  const error = closedOf(video)?.job.error;
  return error ? [`failed ${video.name}: ${error.message}`] : [];
}

/** Returns the exit code of a command for several videos. */
export function exitCodeOfMany(videos: readonly VideoReport[]): number {
  const statuses = videos.map(statusOf);
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  return exitCodeOfBatch({
    failed: count('failed') + count('rejected'),
    cancelled: count('cancelled'),
    missing: count('missing') + count('deleted'),
  });
}
