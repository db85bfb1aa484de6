import type { Submitted } from '../../client/index.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { exitCodeOfJob, EXIT } from '../exit-codes.js';
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

/** Formats the jobs of several videos: a table, the reasons of failures, and a line of counts. */
export function formatMany(
  submissions: readonly Submission[],
  reports: readonly ManyReport[],
): string {
  const isResult = reports.length > 0;
  const head = ['VIDEO', 'STATUS', ...(isResult ? ['RESULT'] : []), 'JOB'];
  const rows = submissions.map((each) => {
    if ('error' in each) return [each.name, 'rejected', ...(isResult ? ['-'] : []), '-'];
    const { event_id } = each.job;
    const report = reportOf(reports, event_id);
    if (!report) return [each.name, 'submitted', event_id];
    return [each.name, formatStatus(report.job.status), summaryOf(report), event_id];
  });
  const problems = submissions.flatMap((each) => problemOf(each, reports));
  const parts = [
    formatTable([head, ...rows]),
    problems.join('\n'),
    countsText(submissions, reports),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function reportOf(reports: readonly ManyReport[], eventId: string): JobReport | undefined {
  return reports.find(({ report }) => report.job.event_id === eventId)?.report;
}

function summaryOf({ job, overview }: JobReport): string {
  if (!overview) return job.error?.code ?? '-';
  const { frames, objects_by_class } = overview;
  const took = job.seconds === null ? '' : ` in ${formatSeconds(job.seconds)}`;
  const found = formatClasses(objects_by_class, SHOWN_CLASSES) || 'no objects';
  return `${formatCount(frames, 'frame')}${took}: ${found}`;
}

/** Returns a line with the reason if a video was rejected or its job failed. */
function problemOf(submission: Submission, reports: readonly ManyReport[]): string[] {
  if ('error' in submission) return [`rejected: ${explain(submission.error)}`];
  const error = reportOf(reports, submission.job.event_id)?.job.error;
  return error ? [`failed ${submission.name}: ${error.message}`] : [];
}

/** @example '31 ready, 2 failed, 1 rejected' */
function countsText(submissions: readonly Submission[], reports: readonly ManyReport[]): string {
  const words = submissions.map((each) => {
    if ('error' in each) return 'rejected';
    return reportOf(reports, each.job.event_id)?.job.status ?? 'submitted';
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
