import type { Job } from '../client/index.js';
import { formatSeconds, formatStatus, formatTable, formatTime } from './format.js';

/** Formats jobs as a table. @param isFiltered whether filters may have hidden jobs. */
export function formatJobs(jobs: readonly Job[], isFiltered: boolean): string {
  if (jobs.length === 0) {
    return isFiltered
      ? 'No job matches. List all with: vidette jobs'
      : 'No jobs found. Start one with: vidette detect VIDEO';
  }
  const rows = jobs.map(({ event_id, status, model, started_at, seconds }) => [
    event_id,
    formatStatus(status),
    model === null ? '-' : `${model.name}@${model.version}`,
    formatTime(started_at),
    seconds === null ? '-' : formatSeconds(seconds),
  ]);
  return formatTable([['JOB', 'STATUS', 'MODEL', 'STARTED', 'TOOK'], ...rows]);
}
