import { element } from '../dom.js';
import { formatClock, formatPercent } from '../format.js';
import type { FoundObject } from './found-objects.js';
import { placeBars } from './track-rows.js';

interface TrackBars {
  readonly root: HTMLElement;
  readonly update: (objects: readonly FoundObject[], durationMs: number) => void;
  readonly select: (selected: FoundObject | undefined) => void;
}

interface TrackBarsOptions {
  readonly colour: string;
  /** Receives a clicked position, 0 to 1. */
  readonly onShare: (share: number) => void;
  readonly onSelect: (object: FoundObject) => void;
}

/** Maximum number of rows; bars of further rows begin at the top again. */
const MAX_ROWS = 6;

/** A bar for each object over the length of the video. */
export function trackBars({ colour, onShare, onSelect }: TrackBarsOptions): TrackBars {
  const root = element('div', { class: 'timeline-strip timeline-bars' });
  root.style.setProperty('--class-colour', colour);
  const bars = new Map<string, HTMLElement>();
  let drawn = '';
  root.addEventListener('click', ({ clientX }) => {
    const { left, width } = root.getBoundingClientRect();
    onShare((clientX - left) / width);
  });
  const update = (objects: readonly FoundObject[], durationMs: number) => {
    const state = JSON.stringify([objects.map(({ id }) => id), durationMs]);
    if (state === drawn) return;
    drawn = state;
    const placed = placeBars(objects);
    const rows = Math.min(MAX_ROWS, 1 + Math.max(0, ...placed.map(({ row }) => row)));
    root.style.setProperty('--rows', String(rows));
    bars.clear();
    for (const { object, row } of placed) {
      bars.set(object.id, bar(object, row % MAX_ROWS, durationMs, onSelect));
    }
    root.replaceChildren(...bars.values());
  };
  const select = (selected: FoundObject | undefined) => {
    for (const [id, each] of bars) each.classList.toggle('is-selected', id === selected?.id);
  };
  return { root, update, select };
}

function bar(
  object: FoundObject,
  row: number,
  durationMs: number,
  onSelect: (object: FoundObject) => void,
): HTMLElement {
  const { fromMs, toMs } = object;
  const root = element('div', { class: 'timeline-bar', title: describeObject(object) });
  root.style.setProperty('--from', String(fromMs / durationMs));
  root.style.setProperty('--length', String((toMs - fromMs) / durationMs));
  root.style.setProperty('--row', String(row));
  root.addEventListener('click', () => onSelect(object));
  return root;
}

/** @example describeObject(object) // 'person 7, 0:01.4 to 0:05.2, up to 93 %' */
export function describeObject(object: FoundObject): string {
  const { fromMs, toMs, maxConf } = object;
  const span = `${formatClock(fromMs / 1000)} to ${formatClock(toMs / 1000)}`;
  return `${nameOf(object)}, ${span}, up to ${formatPercent(maxConf)}`;
}

/** @example nameOf(object) // 'person 7' */
export function nameOf({ className, trackId }: FoundObject): string {
  return trackId === undefined ? className : `${className} ${trackId}`;
}
