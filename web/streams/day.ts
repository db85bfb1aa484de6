import type { Stream, Timeline } from '../../api/types.js';
import type { GapReason } from '../../domain/stream/gap.js';
import type { Span } from '../api/streams.js';
import { formatDuration } from '../format.js';
import { reasonText, stateText, type Tone, toneOfReason, toneOfState } from './stream-text.js';

/** Seconds of a part of the day. */
export const STEP_S = 300;
/** Steps in which the seen share of a part is shown. */
const LEVELS = 4;

/** Part of a day in which a camera was seen to the same share. */
export interface Run extends Span {
  /** Share that was seen, 0 to 1. */
  readonly seen: number;
  /** Kind of the rest. */
  readonly tone: Tone;
  /** What happened. */
  readonly text: string;
}

/** The day of an instant in the browser's time zone. */
export function dayOf(now: number): Span {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  const end = new Date(start);
  end.setDate(end.getDate() + 1); // a day with a change of the clock has not 24 hours
  return { from: start.getTime(), to: end.getTime() };
}

type Parts = Pick<Timeline, 'parts' | 'step_s'>;

/** Joins the parts of a timeline that look the same, and adds the state of the camera until now. */
export function runsOf({ parts, step_s }: Parts, stream: Stream, now: number): readonly Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    const from = Date.parse(part.from);
    const run = { from, to: Math.min(now, from + step_s * 1000), ...lookOf(part) };
    const before = runs.at(-1);
    if (before && before.to === run.from && isSameLook(before, run)) {
      runs[runs.length - 1] = { ...before, to: run.to };
    } else runs.push(run);
  }
  const current = currentRun(stream, runs.at(-1)?.to ?? 0, now);
  return current ? [...runs, current] : runs;
}

function lookOf({ seen_s, gaps }: Parts['parts'][number]): Omit<Run, 'from' | 'to'> {
  const reasons = Object.entries(gaps) as [GapReason, number][]; // its keys are reasons
  const lost = reasons.reduce((sum, [, seconds]) => sum + seconds, 0);
  const [main] = [...reasons].sort(([, a], [, b]) => b - a);
  const share = seen_s / (seen_s + lost || 1);
  // A short gap must be visible, and a part with gaps never looks complete.
  const seen = lost === 0 ? 1 : Math.min(LEVELS - 1, Math.floor(share * LEVELS)) / LEVELS;
  const texts = reasons.map(([reason]) => reasonText(reason)).sort();
  return {
    ...{ seen, tone: main ? toneOfReason(main[0]) : 'seen' },
    text: [...(seen_s > 0 ? ['seen'] : []), ...texts].join(', '),
  };
}

const isSameLook = (a: Run, b: Run) => a.seen === b.seen && a.tone === b.tone && a.text === b.text;

/** A gap is part of the log when it ends: until then, the state of the camera is known. */
function currentRun({ state, since, ended_at }: Stream, end: number, now: number): Run | undefined {
  const from = Math.max(end, since === null ? now : Date.parse(since));
  const tone = toneOfState(state);
  if (tone === 'seen' || ended_at !== null || from >= now) return undefined;
  return { from, to: now, seen: 0, tone, text: stateText(state) };
}

/** Seconds of a day that were seen, and those of each reason, the longest first. */
export interface DaySums {
  readonly seenS: number;
  readonly gaps: readonly (readonly [GapReason, number])[];
}

export function sumDay({ parts }: Pick<Timeline, 'parts'>): DaySums {
  const gaps = new Map<GapReason, number>();
  for (const part of parts) {
    for (const [reason, seconds] of Object.entries(part.gaps) as [GapReason, number][]) {
      gaps.set(reason, (gaps.get(reason) ?? 0) + seconds);
    }
  }
  const seenS = parts.reduce((sum, { seen_s }) => sum + seen_s, 0);
  return { seenS, gaps: [...gaps].sort(([, a], [, b]) => b - a) };
}

/** @example describeDay(sums) // 'Today: seen 2 h 1 min, paused 10 min 0 s' */
export function describeDay({ seenS, gaps }: DaySums): string {
  const lost = gaps.map(([reason, seconds]) => `${reasonText(reason)} ${formatDuration(seconds)}`);
  return `Today: ${[`seen ${formatDuration(seenS)}`, ...lost].join(', ')}`;
}
