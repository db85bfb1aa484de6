import prettyBytes from 'pretty-bytes';
import type { OnStep } from '../on-step.js';
import type { OnBytes } from './download.js';

const REPORT_EVERY_MS = 1000;

/** Counts the bytes of all downloads of a set-up and reports them together, at most once a second. */
export interface Transfers {
  /** Adds a download. */
  start(): OnBytes;
}

interface Count {
  /** Bytes that were received before. */
  readonly first: number;
  readonly done: number;
  readonly total: number | undefined;
}

export function createTransfers(onStep: OnStep, now: () => number = Date.now): Transfers {
  const counts = new Map<symbol, Count>();
  let startedAt = 0;
  let reportedAt = 0;
  return {
    start: () => {
      const id = Symbol('download');
      return (done, total) => {
        if (counts.size === 0) reportedAt = startedAt = now();
        counts.set(id, { first: counts.get(id)?.first ?? done, done, total });
        if (now() - reportedAt < REPORT_EVERY_MS) return;
        reportedAt = now();
        onStep(describe([...counts.values()], now() - startedAt), 'transient');
      };
    },
  };
}

/** @example 'downloading: 41.2 MB of 154 MB, 12 MB/s, about 9 s left' */
function describe(counts: readonly Count[], elapsedMs: number): string {
  const done = sum(counts, (count) => count.done);
  const rate = (1000 * sum(counts, (count) => count.done - count.first)) / elapsedMs;
  const speed = rate > 0 ? `, ${prettyBytes(rate)}/s` : '';
  if (counts.some(({ total }) => total === undefined)) {
    return `downloading: ${prettyBytes(done)}${speed}`;
  }
  const total = sum(counts, (count) => count.total ?? 0);
  const left = rate > 0 ? `, about ${Math.ceil((total - done) / rate)} s left` : '';
  return `downloading: ${prettyBytes(done)} of ${prettyBytes(total)}${speed}${left}`;
}

function sum(counts: readonly Count[], valueOf: (count: Count) => number): number {
  return counts.reduce((total, count) => total + valueOf(count), 0);
}
