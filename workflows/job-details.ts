import type { Assembled, OpenedEvent, ProbedEvent } from '../domain/job/activity-contracts.js';
import type { JobStatus } from '../domain/job/job-status.js';
import type { Progress } from '../domain/job/progress.js';

/** End of a job: its status, and the reason of a failure or another note. */
export interface ShownEnd {
  readonly status: JobStatus;
  readonly note: string | null;
  readonly result?: Pick<Assembled, 'top_classes'> | undefined;
}

/** State of a job for the current details in Temporal's Web UI. */
export interface JobState {
  readonly progress: Progress;
  readonly event?: Pick<OpenedEvent, 'event_id' | 'page_url'> | undefined;
  readonly video?: ProbedEvent['video'];
  /** Devices that have detected frames. */
  readonly devices: readonly string[];
  readonly end?: ShownEnd | undefined;
}

/** Returns the current details of a job, in Markdown. */
export function describeDetails({ progress, event, video, devices, end }: JobState): string {
  const lines = end ? describeEnd(progress, end, devices) : describeProgress(progress);
  const about = video ? [describeVideo(video)] : [];
  return [...lines, ...about, ...describeLinks(progress, event, end)].join('\n\n');
}

/** @example 'Video: 768x576, 10 frames per second, 795 frames' */
function describeVideo({ size, frame_rate, frame_count }: NonNullable<ProbedEvent['video']>) {
  const fps = frame_rate && Math.round((100 * frame_rate.num) / frame_rate.den) / 100;
  const rate = fps === null ? '' : `, ${fps} frames per second`;
  return `Video: ${size.width}x${size.height}${rate}, ${frame_count} frames`;
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

function describeEnd(
  progress: Progress,
  { status, note, result }: ShownEnd,
  devices: readonly string[],
): string[] {
  const { frames_done, frames_total, skipped, objects } = progress;
  const done = `${frames_done} of ${frames_total} frames${devices.length > 0 ? ` on ${devices.join(' and ')}` : ''}`;
  const counts = `${done}, ${objects} objects${describeClasses(result, objects)}, ${skipped} skipped`;
  return [
    `**${status}**${note === null ? '' : `: ${note}`}`,
    ...(frames_total > 0 ? [counts] : []),
  ];
}

/** @example ' (person 12, car 3, others 2)' */
function describeClasses({ top_classes = [] }: ShownEnd['result'] = {}, objects: number): string {
  if (top_classes.length === 0) return '';
  const others = top_classes.reduce((left, [, count]) => left - count, objects);
  const all = others > 0 ? [...top_classes, ['others', others] as const] : top_classes;
  return ` (${all.map(([name, count]) => `${name} ${count}`).join(', ')})`;
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
