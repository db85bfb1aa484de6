import type { Submitted } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { exitCodeOfJob, EXIT } from '../exit-codes.js';
import {
  formatClasses,
  formatCounts,
  formatSeconds,
  formatStatus,
  formatTable,
} from '../format.js';
import { explain } from '../output.js';
import { type JobReport, reportData } from '../run-job.js';

/** A video whose job is submitted, or the reason why it was rejected. */
export type Submission =
  | { readonly name: string; readonly job: Submitted }
  | { readonly name: string; readonly error: unknown };

/** A closed job of one of several videos. */
export interface ManyReport {
  readonly name: string;
  readonly report: JobReport;
  /** Copy of the result on this host. */
  readonly path: string | null;
}

/** Returns the jobs of several videos in the form of `--json`. */
export function manyData(submissions: readonly Submission[], reports: readonly ManyReport[]) {
  const jobs = reports.map(({ name, report, path }) => ({ name, ...reportData(report, path) }));
  const submitted = submissions.flatMap((each) =>
    'job' in each ? [{ name: each.name, ...each.job }] : [],
  );
  return {
    jobs: reports.length > 0 ? jobs : submitted,
    rejected: submissions.flatMap((each) =>
      'error' in each ? [{ name: each.name, error: errorData(each.error) }] : [],
    ),
  };
}

function errorData(error: unknown) {
  return { code: error instanceof AppError ? error.code : null, message: explain(error) };
}

/** Formats the jobs of several videos as a table with a line that counts them. */
export function formatMany(
  submissions: readonly Submission[],
  reports: readonly ManyReport[],
): string {
  const rows = submissions.map((each) => {
    if ('error' in each) return [each.name, '-', 'rejected', explain(each.error)];
    const found = reports.find(({ report }) => report.job.event_id === each.job.event_id);
    if (!found) return [each.name, each.job.event_id, 'submitted', ''];
    const { job } = found.report;
    return [each.name, job.event_id, formatStatus(job.status), summaryOf(found.report)];
  });
  const table = formatTable([['VIDEO', 'JOB', 'STATUS', 'RESULT'], ...rows]);
  return `${table}\n\n${countsText(submissions, reports)}`;
}

function summaryOf({ job, overview }: JobReport): string {
  if (job.error) return `${job.error.code}: ${job.error.message}`;
  if (!overview) return '';
  const { frames, objects_by_class } = overview;
  const took = job.seconds === null ? '' : ` in ${formatSeconds(job.seconds)}`;
  return `${frames} frames${took}: ${formatClasses(objects_by_class) || 'no objects'}`;
}

/** @example '31 ready, 2 failed, 1 rejected' */
function countsText(submissions: readonly Submission[], reports: readonly ManyReport[]): string {
  const words = submissions.map((each) => {
    if ('error' in each) return 'rejected';
    const found = reports.find(({ report }) => report.job.event_id === each.job.event_id);
    return found?.report.job.status ?? 'submitted';
  });
  return formatCounts(words);
}

/** Returns the exit code of a command that waited for several jobs. */
export function exitCodeOfMany(
  submissions: readonly Submission[],
  reports: readonly ManyReport[],
): number {
  if (submissions.some((each) => 'error' in each)) return EXIT.FAILED;
  const statuses = reports.map(({ report }) => report.job.status);
  const worst = (['failed', 'cancelled'] as const).find((status) => statuses.includes(status));
  return exitCodeOfJob(worst ?? ('ready' satisfies JobStatus));
}
