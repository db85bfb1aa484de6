const FIRST_MS = 1000;
const MAX_MS = 30_000;

/** Delay in milliseconds before the next attempt: 1 s after one failure, doubling up to 30 s. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS);
}
