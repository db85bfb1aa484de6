import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { classTotals, countsOverTime } from './counts.js';
import { type Filter, SHOW_ALL } from './filter.js';
import type { FrameEntry } from './frame-index.js';

interface TimelineOptions {
  readonly video: HTMLVideoElement;
  readonly colourOf: (className: string) => string;
  readonly seek: (timestampMs: number) => void;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
  readonly signal: AbortSignal;
}

export interface Timeline {
  readonly root: HTMLElement;
  update(entries: readonly FrameEntry[], filter: Filter): void;
}

const SPANS = 240;
const HEIGHT = 24;
/** Maximum number of lines: a model may have thousands of classes. */
const MAX_LINES = 16;
const FAINTEST = 0.3;

/** Timeline of each class; a checkbox per line shows or hides the class. */
export function timeline({ video, colourOf, seek, onHidden, signal }: TimelineOptions): Timeline {
  const hidden = new Set<string>();
  const lines = new Map<string, ReturnType<typeof createLine>>();
  const body = element('div', { class: 'timeline-lines' });
  const head = element('div', { class: 'timeline-head', 'aria-hidden': 'true' });
  const root = element('div', { class: 'timeline' }, body, head);
  const createLine = (name: string) => {
    const box = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
    box.style.setProperty('--class-colour', colourOf(name));
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      onHidden(new Set(hidden));
    });
    const total = element('span', { class: 'timeline-total' });
    const strip = createStrip((share) => seek(share * video.duration * 1000));
    const title = element('span', { class: 'timeline-name' }, name);
    body.append(element('label', { class: 'timeline-label' }, box, title, total), strip);
    return { total, strip };
  };
  const skippedStrip = createStrip((share) => seek(share * video.duration * 1000));
  const skippedTotal = element('span', { class: 'timeline-total' });
  const skippedLabel = element(
    'span',
    { class: 'timeline-label timeline-skipped' },
    element('span', { class: 'timeline-name' }, 'skipped frames'),
    skippedTotal,
  );
  const update = (entries: readonly FrameEntry[], filter: Filter) => {
    const durationMs = lengthMs(video, entries);
    const totals = [...classTotals(entries)].slice(0, MAX_LINES);
    const all = { ...SHOW_ALL, minConfidence: filter.minConfidence };
    const counts = countsOverTime(entries, all, { spans: SPANS, durationMs });
    for (const [name, total] of totals) {
      const line = lines.get(name) ?? createLine(name);
      lines.set(name, line);
      fill(line.total, formatCount(total));
      drawStrip(line.strip, counts.get(name) ?? [], colourOf(name));
    }
    const skipped = entries.filter(({ reason }) => reason !== undefined);
    if (skipped.length === 0) return;
    body.append(skippedLabel, skippedStrip);
    fill(skippedTotal, formatCount(skipped.length));
    drawStrip(skippedStrip, spansOf(skipped, durationMs), '#dc3545');
  };
  const moveHead = () => {
    const share = video.duration > 0 ? video.currentTime / video.duration : 0;
    head.style.setProperty('--share', String(share));
  };
  for (const name of ['timeupdate', 'seeking', 'loadedmetadata']) {
    video.addEventListener(name, moveHead, { signal });
  }
  return { root, update };
}

/** Duration of a video in ms, at least that of the frames received so far. */
export function lengthMs(
  { duration }: Pick<HTMLVideoElement, 'duration'>,
  entries: readonly FrameEntry[],
): number {
  const durationMs = Number.isFinite(duration) ? duration * 1000 : 0;
  return Math.max(durationMs, entries.at(-1)?.timestampMs ?? 0, 1);
}

function spansOf(entries: readonly FrameEntry[], durationMs: number): number[] {
  const spans = new Array<number>(SPANS).fill(0);
  for (const { timestampMs } of entries) {
    spans[Math.min(SPANS - 1, Math.floor((timestampMs / durationMs) * SPANS))] = 1;
  }
  return spans;
}

function createStrip(onShare: (share: number) => void): HTMLCanvasElement {
  const strip = element('canvas', { class: 'timeline-strip', width: SPANS, height: HEIGHT });
  strip.addEventListener('click', ({ clientX }) => {
    const { left, width } = strip.getBoundingClientRect();
    onShare((clientX - left) / width);
  });
  return strip;
}

function drawStrip(strip: HTMLCanvasElement, counts: readonly number[], colour: string): void {
  const context = strip.getContext('2d');
  if (!context) return;
  const most = Math.max(1, ...counts);
  context.clearRect(0, 0, SPANS, HEIGHT);
  context.fillStyle = colour;
  for (const [span, found] of counts.entries()) {
    if (found === 0) continue;
    context.globalAlpha = FAINTEST + (1 - FAINTEST) * (found / most);
    context.fillRect(span, 0, 1, HEIGHT);
  }
  context.globalAlpha = 1;
}
