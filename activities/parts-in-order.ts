import { pMapIterable } from 'p-map';
import { firstSampled } from '../domain/video/frame-range.js';
import { findPart } from '../domain/job/job-store.js';
import type { Part } from '../domain/result/part.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { FrameSpan } from '../domain/result/result.js';

/** Number of parts that are read ahead while one is written. */
const READ_AHEAD = 8;

/** Reads the parts of all ranges of a plan, or of some, in order; a missing part is undefined. */
export function partsInOrder(
  store: ObjectStore,
  plan: VideoPlan,
  ranges: readonly number[] = plan.ranges.map(({ index }) => index),
): AsyncIterable<readonly [number, Part | undefined]> {
  const read = async (range: number) =>
    [range, await findPart(store, plan.event_id, range)] as const;
  return pMapIterable(ranges, read, { concurrency: READ_AHEAD });
}

/** Returns the spans of sampled frames of the given ranges; adjacent spans are joined. */
export function missingSpans(plan: VideoPlan, ranges: readonly number[]): FrameSpan[] {
  const { every } = plan.parameters;
  const spans: { from: number; to: number }[] = [];
  for (const index of ranges) {
    const range = plan.ranges[index]!;
    if (range.sampled === 0) continue;
    const from = firstSampled(range.from, every);
    const to = from + (range.sampled - 1) * every;
    const last = spans.at(-1);
    if (last && last.to + every === from) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}
