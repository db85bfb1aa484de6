import { isGap, isoTime, spanOf, type LogEntry, type Stretch } from './entry.js';
import { isGapReason, type GapReason } from './gap.js';
import type { TimeSpan } from './slots.js';

/** Seconds by the reason of their gap. */
export type GapSeconds = Readonly<Partial<Record<GapReason, number>>>;

/** Account of a span of time: `seen_s` and all of `gaps` add up to its length. */
export interface Account {
  readonly from: string;
  readonly to: string;
  readonly frames: number;
  readonly seen_s: number;
  readonly gaps: GapSeconds;
}

/** An account with all contradictions in the log; none if every second is accounted for once. */
export interface CheckedAccount extends Account {
  readonly problems: readonly string[];
}

/** Accounts for stretches of a log, in their order. */
export interface Accountant {
  add(stretch: Stretch): void;
  /** The account so far; undefined before the first stretch within the span. */
  finish(): CheckedAccount | undefined;
}

/** State of an account: instants and lengths in ms. */
interface Sums {
  from: number | undefined;
  to: number;
  next: number | undefined;
  frames: number;
  seen: number;
  readonly gaps: Map<GapReason, number>;
  readonly problems: string[];
}

/** Maximum number of contradictions that an account lists. */
const PROBLEMS_MAX = 100;

/**
 * Creates an accountant, which checks that the entries account for all time exactly once, and that
 * rows are numbered without a hole.
 * @param within only the time in this span is counted; default: all time.
 */
export function createAccountant(within: TimeSpan = { from: -Infinity, to: Infinity }): Accountant {
  const sums: Sums = {
    ...{ from: undefined, to: 0, next: undefined, frames: 0, seen: 0 },
    ...{ gaps: new Map(), problems: [] },
  };
  return {
    add(stretch) {
      sums.from ??= sums.to = stretch.from;
      expectEqual(sums, 'a stretch starts at', stretch.from, sums.to);
      for (const entry of stretch.entries) addEntry(sums, entry, stretch.fps, within);
      expectEqual(sums, 'a stretch ends at', stretch.to, sums.to);
    },
    finish: () => summarize(sums, within),
  };
}

function addEntry(sums: Sums, entry: LogEntry, fps: number, within: TimeSpan): void {
  const span = spanOf(entry, sums.to, fps);
  expectEqual(sums, `${nameOf(entry)} starts at`, span.from, sums.to);
  if (!(span.to > span.from)) report(sums, `${nameOf(entry)} accounts for no time`);
  const counted = Math.min(span.to, within.to) - Math.max(span.from, within.from);
  if (isGap(entry)) addGap(sums, entry.gap.reason, counted);
  else addRow(sums, entry.frame_number, counted);
  sums.to = span.to;
}

function addGap(sums: Sums, reason: string, ms: number): void {
  if (!isGapReason(reason)) return report(sums, `"${reason}" is not a reason of gaps`);
  if (ms > 0) sums.gaps.set(reason, (sums.gaps.get(reason) ?? 0) + ms);
}

function addRow(sums: Sums, number: number, ms: number): void {
  sums.next ??= number;
  if (number !== sums.next) report(sums, `expected row ${sums.next}, found row ${number}`);
  sums.next = number + 1;
  if (ms <= 0) return;
  sums.frames++;
  sums.seen += ms;
}

function nameOf(entry: LogEntry): string {
  return isGap(entry) ? `the gap ${entry.gap.reason}` : `row ${entry.frame_number}`;
}

function expectEqual(sums: Sums, what: string, found: number, expected: number): void {
  if (found !== expected) report(sums, `${what} ${timeText(found)}, not ${timeText(expected)}`);
}

function timeText(instant: number): string {
  return Number.isFinite(instant) ? isoTime(instant) : String(instant);
}

function report({ problems }: Sums, problem: string): void {
  if (problems.length < PROBLEMS_MAX) problems.push(problem);
}

function summarize(sums: Sums, within: TimeSpan): CheckedAccount | undefined {
  if (sums.from === undefined) return undefined;
  const [from, to] = [Math.max(sums.from, within.from), Math.min(sums.to, within.to)];
  if (to < from) return undefined;
  const gaps = [...sums.gaps].map(([reason, ms]) => [reason, ms / 1000] as const);
  const missing = to - from - sums.seen - [...sums.gaps.values()].reduce((a, b) => a + b, 0);
  if (missing !== 0) report(sums, `${missing / 1000} s of the time are not accounted for once`);
  return {
    ...{ from: isoTime(from), to: isoTime(to), frames: sums.frames, seen_s: sums.seen / 1000 },
    ...{ gaps: Object.fromEntries(gaps), problems: sums.problems },
  };
}
