import { outColors as colors } from './colors.js';
import type { WebAddresses } from '../stack/index.js';
import type { JobDetails } from '../client/index.js';
import { formatObject, formatPairs, formatSeconds, fpsOf, overviewPairs } from './format.js';
import type { Output } from './output.js';
import { type JobReport, reportData } from './run-job.js';

export interface ReportPlaces {
  /** Copy of the result on this host. */
  readonly path: string | null;
  readonly web?: WebAddresses | undefined;
}

/** Prints a closed job; a failed one as an error, unless the output is JSON. */
export function showReport(out: Output, report: JobReport, places: ReportPlaces): void {
  const { job } = report;
  if (job.status === 'failed' && !out.json) return out.failure(failureOf(job));
  const { path, web } = places;
  const data = { ...reportData(report, path), ...(web && { web }) };
  out.result(data, reportText(report, places));
}

function failureOf({ event_id, error }: JobDetails): Error {
  const why = error ? `${error.code}: ${error.message}` : 'unknown reason';
  return new Error(`job ${event_id} failed: ${why}`);
}

/** Formats the summary of a closed job. */
function reportText(report: JobReport, { path, web }: ReportPlaces): string {
  const { job, overview, outcome } = report;
  const result = overview && outcome && formatObject(outcome.result);
  const pairs = formatPairs([
    ...(overview ? overviewPairs(overview) : []),
    ['result', path && result ? `${path} (${result})` : (result ?? null)],
    ['page', web ? web.api : null],
    ['workflow', web ? workflowPage(web.temporal, job.workflow_id, job.run_id) : null],
    ['object store', web ? `${web.object_store} (${CREDENTIALS_HINT})` : null],
  ]);
  return pairs === '' ? headline(report) : `${headline(report)}\n${pairs}`;
}

const CREDENTIALS_HINT = 'user and password are in credentials.json in the data folder';

function headline({ job, outcome }: JobReport): string {
  const { status, event_id, seconds } = job;
  const frames = (outcome?.frames ?? 0) + (outcome?.skipped ?? 0);
  const speed = frames > 0 ? `, ${fpsOf(frames, seconds)} frames per second` : '';
  const took = seconds === null ? '' : ` in ${formatSeconds(seconds)}${speed}`;
  const word = status === 'ready' ? colors.green(status) : colors.yellow(status);
  return `${word}: ${event_id}${took}`;
}

/** Returns the URL of a run in Temporal's Web UI. */
function workflowPage(ui: string, workflowId: string | null, runId: string | null): string {
  if (workflowId === null) return ui;
  const run = runId === null ? '' : `/${runId}/history`;
  return `${ui}/namespaces/default/workflows/${encodeURIComponent(workflowId)}${run}`;
}
