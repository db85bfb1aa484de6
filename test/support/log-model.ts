import { AppError } from '../../domain/errors.js';
import { createAccountant } from '../../domain/stream/account.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { causeOf } from '../../domain/stream/gap.js';
import { createLedger } from '../../domain/stream/ledger.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { joinDays } from '../../domain/stream/log/join-day.js';
import { createLogWriter } from '../../domain/stream/log/log-writer.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import { sweepLog } from '../../domain/stream/log/sweep-log.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import type { Random } from '../chaos/random.js';
import { RequestLostError } from './scheduled-store.js';

export const MODEL_UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const START = Date.parse('2026-01-11T12:30:00.000Z');
const LIMITS = { ms: 2000, gapMs: 4000, bytes: 1e9 };
const HOUR = 3_600_000;

/** The world that owners share: a clock, and the journals of one host. */
export interface World {
  readonly random: Random;
  now: number;
  readonly journals: Map<string, NumberedStretch[]>;
}

export function createWorld(random: Random): World {
  return { random, now: START, journals: new Map() };
}

/** What all readers and consumers have seen: each entry must always be the same. */
export class Observations {
  readonly violations: string[] = [];
  readonly seen = new Map<string, string>();
  /** Last rows of readers. */
  readonly ends: number[] = [];

  add(who: string, entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const key = isGap(entry) ? `gap ${entry.gap.from}` : `row ${entry.frame_number}`;
      const text = JSON.stringify(entry);
      const before = this.seen.get(key) ?? text;
      this.seen.set(key, text);
      if (before !== text) this.violations.push(`${who}: ${key} was ${before}, is ${text}`);
    }
  }
}

/** Runs an owner: takes over, writes some entries, and stops when another one has begun. */
export async function runOwner(log: LogRef, epoch: string, world: World, all: Observations) {
  const { random, journals } = world;
  const journal: NumberedStretch[] = [];
  const hasDisk = random.between(0, 1) < 0.5;
  const readJournal = (of: string) => Promise.resolve(hasDisk ? (journals.get(of) ?? []) : []);
  const start = await takeOver(log, { epoch, startedAt: START, readJournal });
  journals.set(epoch, journal);
  const writer = createLogWriter(log, start, LIMITS);
  const ledger = createLedger(MODEL_UUID, start.end);
  const commit = async (isLast = false) => {
    const sent = await (isLast ? writer.close() : writer.commit());
    all.add(`owner ${epoch}`, sent);
    await writer.removeChunks(isLast ? 'all' : 'some');
  };
  if (random.between(0, 1) < 0.5) await unlessLost(sweepLog(log, epoch));
  for (let round = 0; round < 12; round++) {
    const stretch = nextStretch(world, ledger, epoch);
    writer.append(stretch);
    journal.push(stretch);
    if (random.between(0, 1) < 0.7) await unlessLost(commit());
  }
  if (random.between(0, 1) < 0.5) await unlessLost(joinDays(log));
  await unlessLost(commit(true));
}

/** A row after some time, or a gap; sometimes a day passes. */
function nextStretch(world: World, ledger: ReturnType<typeof createLedger>, epoch: string) {
  const { random } = world;
  const { next: first, accountedTo: from } = ledger.end;
  world.now += random.between(0, 1) < 0.05 ? 20 * HOUR : Math.floor(random.between(100, 2500));
  const detections = [{ class: epoch, confidence: 1, bbox: [0, 0, 1, 1] as const }];
  const cause = causeOf('worker_lost', epoch);
  const entries =
    random.between(0, 1) < 0.7
      ? ledger.addFrame({ arrival: world.now, detections }, 1, cause)
      : ledger.addGap(world.now, cause);
  return { first, fps: 1, from, to: ledger.end.accountedTo, entries };
}

/** Runs a reader that follows a log until the log is over, and returns its last position. */
export async function runReader(log: LogRef, all: Observations, isOver: () => boolean) {
  const reader = createLogReader(log);
  const check = checkStretches('a reader', all);
  const read = async (stretches: AsyncIterable<NumberedStretch>) => {
    for await (const stretch of stretches) check(stretch);
  };
  while (!isOver()) await unlessLost(read(reader.readAdded()));
  await read(reader.readNew());
  return reader.position.number;
}

/** Returns a check that stretches follow each other without a hole or a double. */
export function checkStretches(who: string, all: Observations) {
  const accountant = createAccountant();
  let known = 0;
  return (stretch: NumberedStretch) => {
    accountant.add(stretch);
    all.add(who, stretch.entries);
    const problems = accountant.finish()?.problems ?? [];
    all.violations.push(...problems.slice(known).map((problem) => `${who}: ${problem}`));
    known = problems.length;
  };
}

/** Ignores that a request was lost: the next one repeats it. */
async function unlessLost(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof RequestLostError)) throw error;
  });
}

/** Whether an owner ended as it may: taken over, or not able to take over. */
export function isExpectedEnd(error: unknown): boolean {
  const isTakenOver = error instanceof AppError && error.code === 'SCENARIO_TAKEN_OVER';
  return isTakenOver || error instanceof RequestLostError;
}
