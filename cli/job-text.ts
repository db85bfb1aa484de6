import {
  formatClasses,
  formatCount,
  formatObject,
  formatPairs,
  formatSeconds,
  formatStatus,
  formatTime,
} from './format.js';
import type { JobView } from './job-view.js';

/** Formats a job with its progress, options and counts. */
export function formatJob(job: JobView): string {
  const { progress, error, seconds } = job;
  const stage = job.status === 'processing' && progress ? ` (${progress.stage})` : '';
  return formatPairs([
    ['job', job.event_id],
    ['status', `${formatStatus(job.status)}${stage}`],
    ['video', job.video_id],
    ['file', job.video_name],
    ['model', job.model && `${job.model.name}@${job.model.version}`],
    ['options', job.parameters && formatOptions(job.parameters, job.device)],
    ['progress', formatProgress(job)],
    ['objects', formatClasses(job.objects_by_class ?? {}) || null],
    ['speed', progress && progress.fps > 0 ? `${progress.fps} frames per second` : null],
    ['left', progress?.eta_s == null ? null : `about ${formatSeconds(progress.eta_s)}`],
    ['started', formatTime(job.started_at)],
    ['took', seconds === null ? null : formatSeconds(seconds)],
    ['rerun of', job.rerun_of],
    ['result', job.result && formatObject(job.result)],
    ['page', job.page],
    ['workflow', job.workflow_id],
    ['error', error && `${error.code}: ${error.message}`],
  ]);
}

function formatProgress({ progress }: JobView): string | null {
  if (!progress || progress.frames_total === 0) return null;
  const { frames_done, frames_total, objects, skipped } = progress;
  return `${frames_done} of ${formatCount(frames_total, 'frame')}, ${formatCount(objects, 'object')}, ${skipped} skipped`;
}

/** @example formatOptions({ every: 5, classes: ['car'] }, 'cpu') // 'every 5, classes car, device cpu' */
export function formatOptions(
  parameters: Readonly<Record<string, unknown>>,
  device: string | null,
) {
  const entries = [...Object.entries(parameters), ['device', device] as const];
  return entries
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');
}

function formatValue(value: unknown): string {
  if (value === false) return 'off';
  if (Array.isArray(value)) return value.join('+');
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${name} ${String(member)}`);
  return `(${members.join(', ')})`;
}
