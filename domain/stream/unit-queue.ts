import type { AccessUnit } from './access-unit.js';

/** Access units that were dropped because the decoder is slower than the camera. */
export interface DroppedUnits {
  readonly count: number;
  /** Arrival of the first and the last of them, in ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface UnitQueueOptions {
  /** Returns the age of the oldest unit above which the queue is cut to its newest keyframe, in ms. */
  readonly maxLagMs: () => number;
  /** Size above which the queue is cut, in bytes. */
  readonly maxBytes?: number;
  readonly onDrop: (dropped: DroppedUnits) => void;
}

/** Access units between a camera and its decoder: the newest keyframe wins. */
export interface UnitQueue {
  /**
   * Adds a unit. Units that cannot be decoded, because no keyframe precedes them, are ignored.
   * @param since start of its age in ms; later than its arrival for units that are replayed.
   */
  push(unit: AccessUnit, since?: number): void;
  /** Removes and returns the next unit, which is then in flight; undefined while one is. */
  next(now: number): AccessUnit | undefined;
  /** Reports that the unit in flight has reached the decoder. */
  release(): void;
  /** Age of the oldest unit in ms; 0 if the queue is empty. */
  lagMs(now: number): number;
  /** Drops all units and waits for a keyframe, as a new decoder requires. */
  clear(): void;
}

const BYTES_MAX = 64 * 1024 ** 2;

interface Entry {
  readonly unit: AccessUnit;
  readonly since: number;
}

export function createUnitQueue({
  maxLagMs,
  maxBytes = BYTES_MAX,
  onDrop,
}: UnitQueueOptions): UnitQueue {
  let entries: Entry[] = [];
  let bytes = 0;
  let needsKey = true;
  let isInFlight = false;

  const drop = (count: number) => {
    const dropped = entries.splice(0, count);
    needsKey ||= entries.length === 0;
    for (const { unit } of dropped) bytes -= unit.data.length;
    const [first, last] = [dropped[0], dropped.at(-1)];
    if (first && last) {
      onDrop({ count: dropped.length, fromMs: first.unit.arrival, toMs: last.unit.arrival });
    }
  };
  const lagMs = (now: number) => Math.max(0, now - (entries[0]?.since ?? now));
  const trim = (now: number) => {
    if (lagMs(now) > maxLagMs() || bytes > maxBytes) drop(countBeforeKeyframe(entries));
    if (bytes > maxBytes) drop(entries.length);
  };
  return {
    push(unit, since = unit.arrival) {
      if (needsKey && !unit.key) return;
      needsKey = false;
      entries.push({ unit, since });
      bytes += unit.data.length;
      trim(since);
    },
    next(now) {
      if (isInFlight) return undefined;
      trim(now);
      const unit = entries.shift()?.unit;
      bytes -= unit?.data.length ?? 0;
      isInFlight = unit !== undefined;
      return unit;
    },
    release() {
      isInFlight = false;
    },
    lagMs,
    clear() {
      entries = [];
      bytes = 0;
      needsKey = true;
      isInFlight = false;
    },
  };
}

/** Number of units before the newest keyframe; all of them if there is no keyframe. */
function countBeforeKeyframe(entries: readonly Entry[]): number {
  const newest = entries.findLastIndex(({ unit }) => unit.key);
  return newest === -1 ? entries.length : newest;
}
