import type { BatchJob } from '../../client/index.js';
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
  | { readonly name: string; readonly job: BatchJob }
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
  const jobs = submissions.flatMap((each) => {
    if ('error' in each) return [];
    const found = findReport(reports, each.job.event_id);
    return { name: each.name, ...(found ? reportData(found.report, found.path) : each.job) };
  });
  return {
    jobs,
    rejected: submissions.flatMap((each) =>
      'error' in each ? [{ name: each.name, error: errorData(each.error) }] : [],
    ),
  };
}

/** Formats the jobs of a batch: a table, the reasons of failures, and a line of counts. */
export function formatMany(
  batchId: string | null,
  submissions: readonly Submission[],
  reports: readonly ManyReport[],
): string {
  const isResult = reports.length > 0;
  const head = ['VIDEO', 'STATUS', ...(isResult ? ['RESULT'] : []), 'JOB'];
  const rows = submissions.map((each) => {
    if ('error' in each) return [each.name, 'rejected', ...(isResult ? ['-'] : []), '-'];
    const { event_id } = each.job;
    const report = findReport(reports, event_id)?.report;
    if (!report) return [each.name, 'submitted', ...(isResult ? ['-'] : []), event_id];
    return [each.name, formatStatus(report.job.status), summaryOf(report), event_id];
  });
  const problems = submissions.flatMap((each) => problemOf(each, reports));
  const parts = [
    formatTable([head, ...rows]),
    problems.join('\n'),
    (batchId === null ? '' : `batch ${batchId}: `) + countsText(submissions, reports),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function findReport(reports: readonly ManyReport[], eventId: string): ManyReport | undefined {
  return reports.find(({ report }) => report.job.event_id === eventId);
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
  const error = findReport(reports, submission.job.event_id)?.report.job.error;
  return error ? [`failed ${submission.name}: ${error.message}`] : [];
}

/** @example '31 ready, 2 failed, 1 rejected' */
function countsText(submissions: readonly Submission[], reports: readonly ManyReport[]): string {
  const words = submissions.map((each) => {
    if ('error' in each) return 'rejected';
    return findReport(reports, each.job.event_id)?.report.job.status ?? 'submitted';
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
