import type { Job } from '../../api/types.js';
import { isClosed } from '../api/jobs.js';
import { jobRow, type JobRow } from './job-row.js';
import { followProgress } from './list-progress.js';
import type { TemporalUi } from './workflow-url.js';

interface ListRows {
  /** Returns the row of each job; the row of a job that did not change is kept. */
  readonly draw: (jobs: readonly Job[], temporal: TemporalUi | undefined) => HTMLElement[];
}

interface DrawnRow extends JobRow {
  readonly job: Job;
  /** What the row was drawn from. */
  readonly state: string;
}

/** Rows of the job list, with the progress of the running jobs among them. */
export function createRows(signal: AbortSignal, onChanged: () => void): ListRows {
  const rows = new Map<string, DrawnRow>();
  const drawRow = (job: Job, temporal: TemporalUi | undefined) => {
    const state = drawnState(job);
    const known = rows.get(job.event_id);
    if (known?.state === state) return known.root;
    const row = { ...jobRow(job, { temporal, onChanged }), job, state };
    rows.set(job.event_id, row);
    return row.root;
  };
  const running = () =>
    [...rows.values()].filter(({ root, job }) => root.isConnected && !isClosed(job));
  void followProgress({
    running: () => running().map(({ job }) => job.event_id),
    onProgress: (eventId, progress) => rows.get(eventId)?.showProgress(progress),
    ...{ onEnd: onChanged, signal },
  });
  return { draw: (jobs, temporal) => jobs.map((job) => drawRow(job, temporal)) };
}

/** Fields of a job that its row shows, without those that change with every read. */
export function drawnState({ event_id, status, error, model, counts }: Job): string {
  return JSON.stringify({ event_id, status, error, model, counts });
}
