import type { Job, JobProgress, Parameters } from '../../api/types.js';
import {
  describeNames,
  formatClock,
  formatCount,
  formatDate,
  formatDuration,
  formatPercent,
  joinFacts,
  pluralize,
} from '../format.js';

/** Title of a job: the name of its file, or the best that is known. */
export const titleOf = ({ video_name, video_id, event_id }: Job): string =>
  video_name ?? video_id ?? event_id;

/** @example describeOptions(job) // 'yolox_nano 1 · every 5th frame · from 25 % · person, car' */
export function describeOptions({ model, parameters, device }: Job): string {
  const { every, conf, classes, preprocess, track, tracking } = parameters ?? {};
  return joinFacts([
    model && `${model.name} ${model.version}`,
    every !== undefined && (every === 1 ? 'every frame' : `every ${ordinal(every)} frame`),
    conf !== undefined && `from ${formatPercent(conf)}`,
    classes && describeNames(classes), // null in events of FerretDB
    describeSpan(parameters ?? {}),
    track != null && `video track ${track}`, // null in events of FerretDB
    tracking && 'objects followed',
    preprocess === false && 'no preprocessing',
    device === 'gpu' && 'GPU',
    device === 'cpu' && 'CPU',
  ]);
}

/** @example describeSpan({ from_ms: 5000 }) // '0:05.0 to the end' */
function describeSpan({ from_ms, to_ms }: Partial<Parameters>): string | undefined {
  // Null in events of FerretDB.
  if (from_ms == null && to_ms == null) return undefined;
  const end = to_ms == null ? 'the end' : formatClock(to_ms / 1000);
  return `${formatClock((from_ms ?? 0) / 1000)} to ${end}`;
}

/** @example describeRun(job) // 'May 4, 2026, 9:30 AM · took 3.2 s · 159 frames · 310 detections' */
export function describeRun(job: Job): string {
  return joinFacts([job.started_at && formatDate(job.started_at), describeWork(job)]);
}

/** @example describeWork(job) // 'took 3.2 s · 159 frames · 310 detections' */
export function describeWork({ seconds, closed_at, counts }: Job): string {
  return joinFacts([
    closed_at && seconds !== null && `took ${formatDuration(seconds)}`,
    counts && pluralize(counts.frames, 'frame'),
    counts && counts.skipped > 0 && `${pluralize(counts.skipped, 'frame')} skipped`,
    counts && pluralize(counts.objects, 'detection'),
  ]);
}

/** @example describeProgress(progress) // 'detecting, 120 of 400 frames, 31.4 fps, 9.0 s left' */
export function describeProgress(
  progress: Pick<
    JobProgress,
    'stage' | 'frames_done' | 'frames_total' | 'fps' | 'eta_s' | 'skipped' | 'error'
  >,
): string {
  const { stage, frames_done, frames_total, fps, eta_s, skipped, error } = progress;
  if (error) return `${stage}: ${error.message}`;
  // The pace is measured from the first stored range on.
  const hasNoPace = stage === 'detecting' && fps === 0;
  return [
    stage,
    frames_total > 0 && `${formatCount(frames_done)} of ${formatCount(frames_total)} frames`,
    skipped > 0 && `${formatCount(skipped)} skipped`,
    fps > 0 && `${fps.toFixed(1)} fps`,
    hasNoPace && 'waiting for the first range',
    eta_s !== null && eta_s > 0 && `${formatDuration(eta_s)} left`,
  ]
    .filter(Boolean)
    .join(', ');
}

const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

function ordinal(value: number): string {
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(value);
  return `${value}${ENDINGS[rule] ?? 'th'}`;
}
