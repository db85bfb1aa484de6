import { isGap, isoTime, spanOf, type Stretch } from './entry.js';
import type { GapSeconds } from './account.js';
import type { GapReason } from './gap.js';
import type { TimeSpan } from './slots.js';

/** Account of a part of a span of time. */
export interface TimeBucket {
  /** Start in ISO 8601; the end is the start of the next one. */
  readonly from: string;
  readonly seen_s: number;
  readonly gaps: GapSeconds;
}

interface BucketSums {
  seen: number;
  readonly gaps: Map<GapReason, number>;
}

/** Sums of seen time and gaps by parts of time of equal length. */
export interface TimeBuckets {
  add(stretch: Stretch): void;
  /** Returns the parts in a span that have entries, joined to a length that is a multiple. */
  list(span: TimeSpan, stepMs: number): TimeBucket[];
}

/** @param unitMs length of a part; steps are multiples of it. */
export function createTimeBuckets(unitMs: number): TimeBuckets {
  const units = new Map<number, BucketSums>();

  function addSpan({ from, to }: TimeSpan, reason: GapReason | undefined): void {
    for (let at = from; at < to;) {
      const unit = Math.floor(at / unitMs);
      const end = Math.min(to, (unit + 1) * unitMs);
      addTime(sumsAt(units, unit), reason, end - at);
      at = end;
    }
  }

  return {
    add({ entries, fps, from }) {
      let at = from;
      for (const entry of entries) {
        const span = spanOf(entry, at, fps);
        addSpan(span, isGap(entry) ? entry.gap.reason : undefined);
        at = span.to;
      }
    },
    list({ from, to }, stepMs) {
      const steps = new Map<number, BucketSums>();
      for (const [unit, sums] of units) {
        const start = unit * unitMs;
        if (start + unitMs <= from || start >= to) continue;
        addSums(sumsAt(steps, Math.floor((start - from) / stepMs)), sums);
      }
      return [...steps]
        .sort(([a], [b]) => a - b)
        .map(([step, sums]) => toBucket(sums, from + step * stepMs));
    },
  };
}

function sumsAt(all: Map<number, BucketSums>, index: number): BucketSums {
  const sums = all.get(index) ?? { seen: 0, gaps: new Map<GapReason, number>() };
  all.set(index, sums);
  return sums;
}

function addTime(sums: BucketSums, reason: GapReason | undefined, ms: number): void {
  if (reason === undefined) sums.seen += ms;
  else sums.gaps.set(reason, (sums.gaps.get(reason) ?? 0) + ms);
}

function addSums(sums: BucketSums, { seen, gaps }: BucketSums): void {
  sums.seen += seen;
  for (const [reason, ms] of gaps) addTime(sums, reason, ms);
}

function toBucket({ seen, gaps }: BucketSums, from: number): TimeBucket {
  const seconds = [...gaps].map(([reason, ms]) => [reason, ms / 1000] as const);
  return { from: isoTime(from), seen_s: seen / 1000, gaps: Object.fromEntries(seconds) };
}
