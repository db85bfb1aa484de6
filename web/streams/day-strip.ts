import type { Stream, Timeline } from '../../api/types.js';
import type { CameraEvent, Span } from '../api/streams.js';
import { element, fill } from '../dom.js';
import { formatTime } from '../format.js';
import { dayOf, describeDay, type Run, runsOf, sumDay } from './day.js';

interface DayStrip {
  readonly root: HTMLElement;
  readonly update: (
    stream: Stream,
    timeline: Timeline | undefined,
    events: readonly CameraEvent[],
  ) => void;
}

const HOUR_LABELS = [0, 6, 12, 18, 24];

/**
 * Timeline of today: seen time at full height, gaps hatched by their kind, events as marks above. Its
 * label reports the same in words.
 */
export function dayStrip({ hours = false } = {}): DayStrip {
  const marks = element('div', { class: 'day-marks', 'aria-hidden': 'true' });
  const bar = element('div', { class: 'day-bar', role: 'img', 'aria-label': 'Today: no data yet' });
  const labels = element('div', { class: 'day-hours', 'aria-hidden': 'true' });
  for (const hour of hours ? HOUR_LABELS : []) {
    labels.append(placed(element('span', {}, `${hour}:00`), hour / 24));
  }
  const update = (
    stream: Stream,
    timeline: Timeline | undefined,
    events: readonly CameraEvent[],
  ) => {
    const now = Date.now();
    const day = dayOf(now);
    const parts = timeline ?? { parts: [], step_s: 1 };
    const runs = runsOf(parts, stream, now).filter(({ to }) => to > day.from);
    fill(bar, ...runs.flatMap((run) => drawRun(run, day)), drawNow(now, day));
    bar.setAttribute('aria-label', describeDay(sumDay(parts)));
    fill(marks, ...events.map(({ started_at }) => drawMark(Date.parse(started_at), day)));
  };
  return { root: element('div', { class: 'day' }, marks, bar, hours && labels), update };
}

const shareOf = (instant: number, { from, to }: Span) =>
  Math.min(1, Math.max(0, (instant - from) / (to - from)));

function placed<Target extends HTMLElement>(target: Target, left: number, width?: number): Target {
  target.style.setProperty('left', `${left * 100}%`);
  if (width !== undefined) target.style.setProperty('width', `${width * 100}%`);
  return target;
}

/** Draws the seen share from below, and the gap above it. */
function drawRun({ from, to, seen, tone, text }: Run, day: Span): HTMLElement[] {
  const left = shareOf(from, day);
  const width = shareOf(to, day) - left;
  const title = `${formatTime(new Date(from).toISOString())} to ${formatTime(new Date(to).toISOString())}: ${text}`;
  const shapes = [
    { name: 'seen', height: seen },
    { name: tone, height: 1 - seen },
  ].filter(({ height }) => height > 0);
  return shapes.map(({ name, height }, index) => {
    const shape = placed(element('span', { class: `day-run tone-${name}`, title }), left, width);
    shape.style.setProperty('height', `${height * 100}%`);
    shape.style.setProperty(index === 0 && name === 'seen' ? 'bottom' : 'top', '0');
    return shape;
  });
}

const drawNow = (now: number, day: Span) =>
  placed(element('span', { class: 'day-now' }), shareOf(now, day));

const drawMark = (instant: number, day: Span) => {
  const title = `Event at ${formatTime(new Date(instant).toISOString())}`;
  return placed(element('span', { class: 'day-mark', title }), shareOf(instant, day));
};
