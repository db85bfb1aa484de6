import type { OpenedEvent } from '../domain/job/activity-contracts.js';
import type { JobStatus } from '../domain/job/job-status.js';
import type { Progress } from '../domain/job/progress.js';

/** End of a job: its status, and the reason of a failure or another note. */
export interface ShownEnd {
  readonly status: JobStatus;
  readonly note: string | null;
}

/** State of a job for the current details in Temporal's Web UI. */
export interface JobState {
  readonly progress: Progress;
  readonly event?: Pick<OpenedEvent, 'event_id' | 'page_url'> | undefined;
  readonly end?: ShownEnd | undefined;
}

/** Returns the current details of a job, in Markdown. */
export function describeDetails({ progress, event, end }: JobState): string {
  const lines = end ? describeEnd(progress, end) : describeProgress(progress);
  return [...lines, ...describeLinks(progress, event, end)].join('\n\n');
}

function describeProgress(progress: Progress): string[] {
  const { stage, frames_done, frames_total, skipped, objects, fps, eta_s } = progress;
  const percent = frames_total > 0 ? ` (${Math.floor((100 * frames_done) / frames_total)} %)` : '';
  const left = eta_s === null ? '' : `, about ${eta_s} s left`;
  return [
    `**${stage}**: ${frames_done} of ${frames_total || '?'} frames${percent}${left}`,
    `${objects} objects, ${skipped} skipped, ${fps} frames per second`,
  ];
}

function describeEnd(progress: Progress, { status, note }: ShownEnd): string[] {
  const { frames_done, frames_total, skipped, objects } = progress;
  const counts = `${frames_done} of ${frames_total} frames, ${objects} objects, ${skipped} skipped`;
  return [
    `**${status}**${note === null ? '' : `: ${note}`}`,
    ...(frames_total > 0 ? [counts] : []),
  ];
}

function describeLinks(
  { frames_done }: Progress,
  event: JobState['event'],
  end: ShownEnd | undefined,
): string[] {
  if (event?.page_url === undefined) return [];
  const { event_id, page_url } = event;
  const page = `[Page of the job](${page_url}/#/job/${event_id})`;
  const hasResult = end?.status === 'ready' || (end?.status === 'cancelled' && frames_done > 0);
  const result = `[Result](${page_url}/api/v1/jobs/${event_id}/result)`;
  return [hasResult ? `${page} · ${result}` : page];
}
