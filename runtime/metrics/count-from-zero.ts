import type { Counter } from 'prom-client';

/** Gives a counter a series for each value of its only label, so that its first increment is a rate. */
export function countFromZero(counter: Counter, values: readonly string[]): void {
  for (const value of values) counter.labels(value).inc(0);
}
