import { isShown, type Filter } from './filter.js';
import type { FrameEntry } from './frame-index.js';

/** Counts of each class in spans of equal length. */
export type CountsByClass = ReadonlyMap<string, readonly number[]>;

/**
 * Counts, per class and time span, the maximum number of detections in one frame. A frame counts until
 * the next one, so there are no gaps if frames are further apart than spans.
 */
export function countsOverTime(
  entries: readonly FrameEntry[],
  filter: Filter,
  { spans, durationMs }: { readonly spans: number; readonly durationMs: number },
): CountsByClass {
  const counts = new Map<string, number[]>();
  const tally = createTally();
  const spanOf = (entry: FrameEntry) =>
    Math.min(spans - 1, Math.floor((entry.timestampMs / durationMs) * spans));
  for (const [i, entry] of entries.entries()) {
    const next = entries[i + 1];
    const first = spanOf(entry);
    const last = next ? Math.max(first, spanOf(next) - 1) : first + lastFrameSpans(entries, spanOf);
    for (const { name, found } of tally(entry, filter)) {
      const ofClass = countsFor(counts, name, spans);
      for (let span = first; span <= Math.min(last, spans - 1); span++) {
        ofClass[span] = Math.max(ofClass[span] ?? 0, found);
      }
    }
  }
  return counts;
}

/** Number of further spans that the last frame covers: as many as the frame before it. */
function lastFrameSpans(entries: readonly FrameEntry[], spanOf: (entry: FrameEntry) => number) {
  const [before, last] = entries.slice(-2);
  return before && last ? Math.max(0, spanOf(last) - spanOf(before) - 1) : 0;
}

/** Counts the detections of each class by confidence, in `spans` equal spans from 0 to 1. */
export function confidenceCounts(
  entries: readonly FrameEntry[],
  filter: Filter,
  spans: number,
): CountsByClass {
  const counts = new Map<string, number[]>();
  for (const entry of entries) {
    for (const object of entry.objects) {
      if (!isShown(object, filter)) continue;
      const ofClass = countsFor(counts, object.class, spans);
      const span = Math.min(spans - 1, Math.floor(object.conf * spans));
      ofClass[span] = (ofClass[span] ?? 0) + 1;
    }
  }
  return counts;
}

/**
 * Counts the detections of each class from the minimum confidence of a filter, the most frequent class
 * first; a class of which none is that confident has 0, also one that only a filter names.
 */
export function classTotals(
  entries: readonly FrameEntry[],
  { minConfidence, onlyClass }: Pick<Filter, 'minConfidence' | 'onlyClass'>,
): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  if (onlyClass !== undefined) totals.set(onlyClass, 0); // a link can name any class
  for (const { objects } of entries) {
    for (const { class: name, conf } of objects) {
      totals.set(name, (totals.get(name) ?? 0) + (conf >= minConfidence ? 1 : 0));
    }
  }
  return new Map([...totals].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)));
}

interface Found {
  readonly name: string;
  found: number;
}

/**
 * Creates a function that counts the visible objects of a frame by class. The returned array is
 * reused for the next frame, which avoids garbage for hundreds of thousands of frames.
 */
function createTally() {
  const byClass = new Map<string, Found>();
  const inFrame: Found[] = [];
  return ({ objects }: Pick<FrameEntry, 'objects'>, filter: Filter): readonly Readonly<Found>[] => {
    for (const before of inFrame) before.found = 0;
    inFrame.length = 0;
    for (const object of objects) {
      if (!isShown(object, filter)) continue;
      const ofClass = byClass.get(object.class) ?? { name: object.class, found: 0 };
      byClass.set(object.class, ofClass);
      if (ofClass.found++ === 0) inFrame.push(ofClass);
    }
    return inFrame;
  };
}

function countsFor(counts: Map<string, number[]>, name: string, length: number): number[] {
  const list = counts.get(name) ?? new Array<number>(length).fill(0);
  counts.set(name, list);
  return list;
}
