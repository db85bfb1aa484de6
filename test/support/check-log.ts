import { BUCKETS } from '../../domain/names.js';
import type { LogStore } from '../../domain/stream/log/fence.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createRandom, type Random } from '../chaos/random.js';
import {
  createWorld,
  isExpectedEnd,
  MODEL_UUID,
  Observations,
  runOwner,
  runReader,
  type World,
} from './log-model.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { createScheduler, type FaultRates, type Scheduler } from './scheduled-store.js';

/** Changes how a store works. */
export type StoreChange = (store: LogStore, random: Random) => LogStore;

/** Outcome of the steps of one seed. */
export interface CheckedLog {
  /** Contradictions between what readers, consumers and the log at its end show. */
  readonly violations: readonly string[];
  readonly rows: number;
  readonly owners: number;
}

const FAULTS: FaultRates = { crash: 0.002, lost: 0.01 };
const NO_FAULTS: FaultRates = { crash: 0, lost: 0 };
const STEPS = 500;
const OWNERS_MAX = 6;

/**
 * Runs owners and readers of one log on a store whose requests are run one at a time in an order
 * that the seed decides, with crashes, lost requests, and writes that arrive late. Then one more
 * owner ends the log without faults, and all readers read to its end.
 * @throws Error if a process fails in another way than being taken over.
 */
export async function checkLog(seed: string, change: StoreChange): Promise<CheckedLog> {
  const random = createRandom(seed);
  const inner = createMemoryObjectStore();
  await inner.ensureBucket(BUCKETS.streams);
  const scheduler = createScheduler(change(inner, random), random);
  const model = createModel(scheduler, createWorld(random));
  void model.startOwner();
  const readers = ['reader 1', 'reader 2'].map((name) => model.startReader(name));
  for (let step = 0; step < STEPS; step++) {
    const isBusy = await scheduler.step(FAULTS);
    const isNext = model.owners() < OWNERS_MAX && random.between(0, 1) < 0.03;
    if (!isBusy || isNext) void model.startOwner();
  }
  await finish(scheduler, model.startOwner());
  await scheduler.deliverLost();
  model.end();
  for (const reader of readers.filter(({ name }) => !scheduler.isCrashed(name))) {
    await finish(scheduler, reader.run);
  }
  return { ...(await compare(model.all, inner)), owners: model.owners() };
}

function createModel(scheduler: Scheduler, world: World) {
  const all = new Observations();
  let owners = 0;
  let isOver = false;
  const logOf = (name: string) => ({ store: scheduler.storeOf(name), uuid: MODEL_UUID });
  const fail = (error: unknown) => {
    if (!isExpectedEnd(error)) all.violations.push(`a process failed: ${String(error)}`);
  };
  return {
    all,
    owners: () => owners,
    end: () => (isOver = true),
    startOwner: () => {
      const epoch = epochOf(1, ++owners);
      return runOwner(logOf(epoch), epoch, world, all).catch(fail);
    },
    startReader: (name: string) => {
      const run = runReader(logOf(name), all, () => isOver);
      return { name, run: run.then((last) => all.ends.push(last), fail) };
    },
  };
}

/** Runs requests without faults until a process has ended. */
async function finish(scheduler: Scheduler, process: Promise<unknown>): Promise<void> {
  let isDone = false;
  void process.then(() => (isDone = true));
  for (let step = 0; !isDone; step++) {
    if (step === 20_000) throw new Error('A process does not end');
    await scheduler.step(NO_FAULTS);
  }
}

/** Compares what was seen with the log at its end. */
async function compare(all: Observations, store: LogStore) {
  const log = new Observations();
  const rows = await runReader({ store, uuid: MODEL_UUID }, log, () => true);
  const lost = [...all.seen].filter(([key, text]) => log.seen.get(key) !== text);
  const late = all.ends.filter((end) => end !== rows);
  const violations = [
    ...[...all.violations, ...log.violations],
    ...lost.map(([key, text]) => `${key} was ${text}, is ${log.seen.get(key)}`),
    ...late.map((end) => `a reader ends at row ${end} of ${rows}`),
  ];
  return { violations, rows };
}
