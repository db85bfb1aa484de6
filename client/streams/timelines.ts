import { LRUCache } from 'lru-cache';
import { AppError } from '../../domain/errors.js';
import { isoTime } from '../../domain/stream/entry.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { findRowBefore } from '../../domain/stream/log/find-row.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import { createTimeBuckets } from '../../domain/stream/time-buckets.js';
import type { Timeline, TimelineOptions } from './types.js';

/** Timelines of scenarios; each reads only what was added to its log since the last call. */
export interface Timelines {
  read(log: LogRef, options: TimelineOptions): Promise<Timeline>;
}

/** Sums of a log from an instant on. */
interface KeptSums {
  readonly from: number;
  /** Adds the new entries of the log; calls wait for each other. */
  readonly update: () => Promise<void>;
  readonly list: ReturnType<typeof createTimeBuckets>['list'];
}

const MINUTE_MS = 60_000;
/** Maximum number of scenarios whose sums are kept in memory. */
const KEPT = 200;
/** Maximum number of parts of a timeline. */
const PARTS_MAX = 2000;
/** Spans that start earlier are read each time: the kept sums of today would grow to all days. */
const KEPT_MS = 2 * 86_400_000;

export function createTimelines(): Timelines {
  const kept = new LRUCache<string, KeptSums>({ max: KEPT });

  function sumsFrom(log: LogRef, from: number): KeptSums {
    const found = kept.get(log.uuid);
    if (found && found.from <= from && from - found.from < KEPT_MS) return found;
    const sums = createKeptSums(log, from);
    if (Date.now() - from < KEPT_MS) kept.set(log.uuid, sums);
    return sums;
  }

  return {
    async read(log, options) {
      const [from, to, stepMs] = checkSpan(options);
      const sums = sumsFrom(log, from);
      await sums.update();
      return {
        ...{ scenario_uuid: log.uuid, from: isoTime(from), to: isoTime(to) },
        ...{ step_s: options.step_s, parts: sums.list({ from, to }, stepMs) },
      };
    },
  };
}

function createKeptSums(log: LogRef, from: number): KeptSums {
  const buckets = createTimeBuckets(MINUTE_MS);
  let reader: ReturnType<typeof createLogReader> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function readNew(): Promise<void> {
    reader ??= createLogReader(log, await findRowBefore(log, from));
    for await (const stretch of reader.readNew()) buckets.add(stretch);
  }

  return {
    from,
    list: (span, stepMs) => buckets.list(span, stepMs),
    update: () => {
      last = last.catch(() => undefined).then(readNew);
      return last;
    },
  };
}

/** Returns a span of whole minutes, in ms. @throws AppError `INVALID_INPUT`. */
function checkSpan({ from, to, step_s }: TimelineOptions) {
  const start = Math.floor(Number(from) / MINUTE_MS) * MINUTE_MS;
  const end = Number(to);
  const stepMs = step_s * 1000;
  if (!(end > start)) throw invalid('from must be before to');
  if (!(stepMs > 0) || stepMs % MINUTE_MS !== 0) throw invalid('step_s must be a multiple of 60');
  const parts = Math.ceil((end - start) / stepMs);
  if (parts > PARTS_MAX) {
    throw invalid(`a step of ${step_s} s makes ${parts} parts, of which ${PARTS_MAX} are allowed`);
  }
  return [start, end, stepMs] as const;
}

function invalid(problem: string): AppError {
  return new AppError('INVALID_INPUT', `Invalid timeline: ${problem}.`);
}
