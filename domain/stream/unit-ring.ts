import type { AccessUnit } from './access-unit.js';

/** The most recent access units of a camera, from a keyframe on: for clips and for waking. */
export interface UnitRing {
  push(unit: AccessUnit): void;
  /** Units from the newest keyframe on. */
  lastGop(): readonly AccessUnit[];
  /** Units from the last keyframe at or before a time, or from the oldest one that is kept. */
  from(ms: number): readonly AccessUnit[];
  clear(): void;
  /** Changes the time that is kept before the newest unit, in ms. */
  keep(beforeMs: number): void;
}

export interface UnitRingOptions {
  /** Time before the newest unit that is kept at least, in ms. */
  readonly beforeMs: number;
  /** Size above which older groups are dropped, in bytes. */
  readonly maxBytes?: number;
}

const BYTES_MAX = 64 * 1024 ** 2;

/** A keyframe and the units up to the next one. */
interface Gop {
  readonly start: number;
  readonly units: AccessUnit[];
  bytes: number;
}

export function createUnitRing({ maxBytes = BYTES_MAX, ...options }: UnitRingOptions): UnitRing {
  let { beforeMs } = options;
  let gops: Gop[] = [];
  const bytes = () => gops.reduce((sum, gop) => sum + gop.bytes, 0);
  const trim = (newest: number) => {
    while (gops[1] && (gops[1].start <= newest - beforeMs || bytes() > maxBytes)) gops.shift();
    if (bytes() > maxBytes) gops = [];
  };
  return {
    push(unit) {
      if (unit.key) gops.push({ start: unit.arrival, units: [], bytes: 0 });
      const gop = gops.at(-1);
      if (!gop) return;
      gop.units.push(unit);
      gop.bytes += unit.data.length;
      trim(unit.arrival);
    },
    lastGop: () => gops.at(-1)?.units ?? [],
    from(ms) {
      const first = gops.findLastIndex(({ start }) => start <= ms);
      return gops.slice(Math.max(0, first)).flatMap(({ units }) => units);
    },
    clear() {
      gops = [];
    },
    keep: (ms) => void (beforeMs = ms),
  };
}
