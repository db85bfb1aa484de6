import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { MAX_CLASSES } from './class-chips.js';
import { countsOverTime } from './counts.js';
import { type Filter, SHOW_ALL } from './filter.js';
import type { FoundObject } from './found-objects.js';
import type { FrameEntry } from './frame-index.js';
import { timelineLine, type TimelineLine } from './timeline-line.js';
import { createStrip, drawStrip, SPANS } from './timeline-strip.js';

interface TimelineOptions {
  readonly video: HTMLVideoElement;
  readonly colourOf: (className: string) => string;
  readonly seek: (timestampMs: number) => void;
  readonly onSelect: (object: FoundObject) => void;
  readonly signal: AbortSignal;
}

/** What a timeline shows. */
interface TimelineContent {
  readonly entries: readonly FrameEntry[];
  readonly filter: Filter;
  /** Classes in the order of their lines. */
  readonly classes: readonly string[];
  /** Tracks that the filter shows; undefined for a job without tracks. */
  readonly tracks: readonly FoundObject[] | undefined;
}

export interface Timeline {
  readonly root: HTMLElement;
  update(content: TimelineContent): void;
  /** Adds a line: a label and a strip. */
  readonly append: (nodes: readonly HTMLElement[]) => void;
  /** Marks a time of a video that is not available yet. */
  readonly showTime: (timestampMs: number) => void;
  /** Marks the bar of an object. */
  select(selected: FoundObject | undefined): void;
}

const SKIPPED_COLOUR = '#dc3545';

/** Timeline of each class: a bar for each track, or the detections over time in a job without tracks. */
export function timeline(options: TimelineOptions): Timeline {
  const { video, colourOf, seek, onSelect, signal } = options;
  const lines = new Map<string, TimelineLine>();
  const body = element('div', { class: 'timeline-lines' });
  const head = element('div', { class: 'timeline-head', 'aria-hidden': 'true' });
  const root = element('div', { class: 'timeline' }, body, head);
  let durationMs = 1;
  const seekShare = (share: number) => seek(share * durationMs);
  const addLine = (name: string) => {
    const line = timelineLine({ name, colour: colourOf(name), onShare: seekShare, onSelect });
    lines.set(name, line);
    body.append(...line.nodes);
  };
  const skipped = skippedLine(seekShare);
  const others: HTMLElement[] = [];
  const update = ({ entries, filter, classes, tracks }: TimelineContent) => {
    durationMs = lengthMs(video, entries);
    const all = { ...SHOW_ALL, minConfidence: filter.minConfidence };
    const counts = countsOverTime(entries, all, { spans: SPANS, durationMs });
    for (const name of classes) {
      if (!lines.has(name) && lines.size < MAX_CLASSES) addLine(name);
    }
    for (const [name, line] of lines) {
      line.update(counts.get(name) ?? [], filter);
      const ofClass = tracks?.filter(({ className }) => className === name);
      if (ofClass) line.showTracks(ofClass, durationMs);
    }
    const lost = entries.filter(({ reason }) => reason !== undefined);
    if (lost.length > 0) {
      body.append(...skipped.nodes);
      skipped.update(lost, durationMs);
    }
    body.append(...others); // below the classes, which are added as they are found
  };
  followHead(video, head, signal);
  const showTime = (timestampMs: number) => {
    head.style.setProperty('--share', String(Math.min(1, timestampMs / durationMs)));
  };
  const select = (selected: FoundObject | undefined) => {
    for (const line of lines.values()) line.select(selected);
  };
  const append = (nodes: readonly HTMLElement[]) => {
    others.push(...nodes);
    body.append(...nodes);
  };
  return { root, update, append, showTime, select };
}

/** Duration of a video in ms, at least that of the frames received so far. */
export function lengthMs(
  { duration }: Pick<HTMLVideoElement, 'duration'>,
  entries: readonly FrameEntry[],
): number {
  const durationMs = Number.isFinite(duration) ? duration * 1000 : 0;
  return Math.max(durationMs, entries.at(-1)?.timestampMs ?? 0, 1);
}

/** Line of the skipped frames. */
function skippedLine(onShare: (share: number) => void) {
  const strip = createStrip(onShare);
  const total = element('span', { class: 'timeline-total' });
  const label = element(
    'span',
    { class: 'timeline-label timeline-skipped' },
    'skipped frames ',
    total,
  );
  const update = (entries: readonly FrameEntry[], durationMs: number) => {
    fill(total, formatCount(entries.length));
    drawStrip(strip, spansOf(entries, durationMs), SKIPPED_COLOUR);
  };
  return { nodes: [label, element('div', { class: 'timeline-lane' }, strip)], update };
}

function spansOf(entries: readonly FrameEntry[], durationMs: number): number[] {
  const spans = new Array<number>(SPANS).fill(0);
  for (const { timestampMs } of entries) {
    spans[Math.min(SPANS - 1, Math.floor((timestampMs / durationMs) * SPANS))] = 1;
  }
  return spans;
}

/** Moves the line that marks the position of the video. */
function followHead(video: HTMLVideoElement, head: HTMLElement, signal: AbortSignal): void {
  const move = () => {
    const share = video.duration > 0 ? video.currentTime / video.duration : 0;
    head.style.setProperty('--share', String(share));
  };
  for (const name of ['timeupdate', 'seeking', 'loadedmetadata']) {
    video.addEventListener(name, move, { signal });
  }
}
