/** Time over which units are dropped after which a camera counts as overloaded, in ms. */
export const OVERLOAD_MS = 60_000;
/** Time without dropped units that ends an overload, in ms: longer than most keyframe intervals. */
const RECOVERED_MS = 30_000;

/** Distinguishes a short burst, which only drops units, from a host that is too slow for its cameras. */
export interface OverloadWatch {
  /** Reports that units were dropped. */
  drop(now: number): void;
  isOverloaded(now: number): boolean;
}

export function createOverloadWatch(): OverloadWatch {
  let first: number | undefined;
  let last = -Infinity;
  const isRecovered = (now: number) => now - last > RECOVERED_MS;
  return {
    drop(now) {
      if (isRecovered(now)) first = now;
      first ??= now;
      last = now;
    },
    isOverloaded: (now) => first !== undefined && !isRecovered(now) && last - first >= OVERLOAD_MS,
  };
}
