import { causeOf } from '../../domain/stream/gap.js';
import { createLedger } from '../../domain/stream/ledger.js';
import type { LogStore } from '../../domain/stream/log/fence.js';
import { joinDays } from '../../domain/stream/log/join-day.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter, type LogWriter } from '../../domain/stream/log/log-writer.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import { sweepLog } from '../../domain/stream/log/sweep-log.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import { createMemoryLog, LOG_START, LOG_UUID } from './log-entries.js';
import { checkStretches, isExpectedEnd, Observations } from './log-model.js';

/** Processes that use one log at the same time. */
export const PROCESSES = ['reader', 'writer', 'successor', 'another successor'] as const;

export type ProcessName = (typeof PROCESSES)[number];

const LIMITS = { ms: 3000, gapMs: 60_000, bytes: 1e9 };
const DAY_MS = 86_400_000;

type Process = (store: LogStore) => Promise<void>;

/** Runs some work in the middle of a process: before a request, counted from 0. */
function interruptBefore(store: LogStore, request: number, work: () => Promise<void>) {
  let count = 0;
  const pass = async () => {
    if (count++ === request) await work();
  };
  const interrupted: LogStore = {
    put: async (...args) => (await pass(), store.put(...args)),
    find: async (...args) => (await pass(), store.find(...args)),
    remove: async (...args) => (await pass(), store.remove(...args)),
    list: async function* (...args) {
      await pass();
      yield* store.list(...args);
    },
  };
  return { store: interrupted, requests: () => count };
}

/**
 * Suspends a process before one of its requests, then the next one before one of its own, runs the
 * others, and resumes both. Returns the contradictions that they, or a reader at the end, see, and
 * the numbers of requests of the two.
 */
export async function checkInterrupted(
  order: readonly ProcessName[],
  at: readonly [number, number],
) {
  const { log, all, processes } = await createProcesses();
  const [outer, inner, ...others] = order.map((name) => processes[name]) as Process[];
  const runAll = async (some: readonly Process[]) => {
    for (const run of some) await run(log.store);
  };
  let innerRequests = 0;
  const first = interruptBefore(log.store, at[0], async () => {
    const second = interruptBefore(log.store, at[1], () => runAll(others));
    await inner!(second.store);
    innerRequests = second.requests();
  });
  await outer!(first.store);
  await processes.reader(log.store);
  const seen = new Map(all.seen);
  await processes['another successor'](log.store);
  const check = checkStretches('the last reader', all);
  const shown = new Observations();
  for await (const stretch of createLogReader(log).readNew()) {
    check(stretch);
    shown.add('the last reader', stretch.entries);
  }
  const lost = [...seen.keys()].filter((key) => !shown.seen.has(key));
  const violations = [...all.violations, ...lost.map((key) => `${key} is lost`)];
  return { violations, requests: [first.requests(), innerRequests] as const };
}

/** A log of two days with a writer that is about to complete a segment. */
async function createProcesses() {
  const log = await createMemoryLog();
  const all = new Observations();
  let attempts = 0;
  const own = async (store: LogStore) => {
    const epoch = epochOf(1, ++attempts);
    const start = await takeOver({ store, uuid: LOG_UUID }, { epoch, startedAt: LOG_START });
    return { epoch, writer: createLogWriter({ store, uuid: LOG_UUID }, start, LIMITS) };
  };
  const succeed: Process = (store) =>
    ending(async () => {
      const { epoch, writer } = await own(store);
      all.add(epoch, await write(writer, epoch, 1));
      await sweepLog({ store, uuid: LOG_UUID }, epoch);
      await joinDays({ store, uuid: LOG_UUID });
      all.add(epoch, await write(writer, epoch, 1));
    });
  let current: LogStore = log.store;
  const proxy: LogStore = {
    ...{ put: (...args) => current.put(...args), find: (...args) => current.find(...args) },
    ...{ list: (...args) => current.list(...args), remove: (...args) => current.remove(...args) },
  };
  const { epoch, writer } = await own(proxy);
  all.add(epoch, await write(writer, epoch, 4, DAY_MS));
  all.add(epoch, await write(writer, epoch, 2));
  return {
    log,
    all,
    processes: {
      reader: (store: LogStore) => readTwice(store, all),
      writer: (store: LogStore) =>
        ending(async () => {
          current = store;
          all.add(epoch, await write(writer, epoch, 2));
          all.add(epoch, await write(writer, epoch, 1));
        }),
      successor: succeed,
      'another successor': succeed,
    } satisfies Record<ProcessName, Process>,
  };
}

/** Reads a log, and what was added to it in the meantime. */
async function readTwice(store: LogStore, all: Observations): Promise<void> {
  const reader = createLogReader({ store, uuid: LOG_UUID });
  const check = checkStretches('a reader', all);
  for await (const stretch of reader.readNew()) check(stretch);
  for await (const stretch of reader.readAdded()) check(stretch);
}

/** Commits some rows that name their owner, and a gap before them. */
async function write(writer: LogWriter, epoch: string, rows: number, gapMs = 1000) {
  const ledger = createLedger(LOG_UUID, writer.end);
  const detections = [{ class: epoch, confidence: 1, bbox: [0, 0, 1, 1] as const }];
  for (let row = 0; row < rows; row++) {
    const from = ledger.end.accountedTo;
    const arrival = from + (row === 0 ? gapMs : 0) + 10;
    const entries = ledger.addFrame({ arrival, detections }, 1, causeOf('worker_lost', epoch));
    writer.append({ fps: 1, from, to: ledger.end.accountedTo, entries });
  }
  const entries = await writer.commit();
  await writer.removeChunks('some');
  return entries;
}

/** Runs a process that may be taken over. */
async function ending(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!isExpectedEnd(error)) throw error;
  });
}
