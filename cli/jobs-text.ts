import type { Job } from '../client/index.js';
import { formatCount, formatSeconds, formatStatus, formatTable, formatTime } from './format.js';

const HEAD = ['VIDEO', 'STATUS', 'MODEL', 'STARTED', 'TOOK', 'RESULT', 'JOB'];
/** Maximum length of the reason of a failure in a row, in characters. */
const REASON_LENGTH = 40;

/** Formats jobs as a table. @param isFiltered whether filters may have hidden jobs. */
export function formatJobs(jobs: readonly Job[], isFiltered: boolean): string {
  if (jobs.length === 0) {
    return isFiltered
      ? 'No job matches. List all with: vidette jobs'
      : 'No jobs found. Start one with: vidette detect VIDEO';
  }
  return formatTable([HEAD, ...jobs.map(rowOf)]);
}

function rowOf(job: Job): string[] {
  const { event_id, video_id, video_name, status, model, started_at, seconds } = job;
  return [
    video_name ?? video_id ?? '-',
    formatStatus(status),
    model === null ? '-' : `${model.name}@${model.version}`,
    formatTime(started_at),
    seconds === null ? '-' : formatSeconds(seconds),
    formatOutcome(job),
    event_id,
  ];
}

/** @example '12 objects in 30 frames' */
function formatOutcome({ error, counts }: Job): string {
  if (error) {
    const { message } = error;
    return message.length > REASON_LENGTH ? `${message.slice(0, REASON_LENGTH - 1)}…` : message;
  }
  if (!counts) return '-';
  return `${formatCount(counts.objects, 'object')} in ${formatCount(counts.frames, 'frame')}`;
}
