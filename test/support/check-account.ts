import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as settle } from 'node:timers/promises';
import { vi } from 'vitest';
import { AppError } from '../../domain/errors.js';
import { createAccountant } from '../../domain/stream/account.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { LogRef, LogStore } from '../../domain/stream/log/fence.js';
import { joinDays } from '../../domain/stream/log/join-day.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import { slotAt } from '../../domain/stream/slots.js';
import { BUCKETS } from '../../domain/names.js';
import { createJournalRoom, type JournalRoom } from '../../streams/journal.js';
import { createRandom, type Random } from '../chaos/random.js';
import { AccountedCamera, type AccountedCameraOptions, FPS, START } from './accounted-camera.js';
import type { StoreChange } from './check-log.js';
import { isExpectedEnd, MODEL_UUID, Observations, runReader } from './log-model.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { createScheduler, type FaultRates, type Scheduler } from './scheduled-store.js';
import { startVirtualTime, type VirtualTime } from './virtual-time.js';

/** Faults that are injected on purpose; requests are lost besides. */
export const ACCOUNT_FAULTS = [
  ...(['kill', 'lost host', 'second owner', 'hand-over'] as const),
  ...(['store away', 'camera away', 'clock set forward', 'clock set back', 'suspension'] as const),
] as const;
export type AccountFault = (typeof ACCOUNT_FAULTS)[number];

/** Errors that are planted, to show that the check finds them. */
export interface Mutation {
  readonly store?: StoreChange;
  readonly append?: AccountedCameraOptions['append'];
}

/** Outcome of the faults of one seed. */
export interface CheckedTime {
  readonly violations: readonly string[];
  readonly faults: Readonly<Record<AccountFault, number>>;
  readonly rows: number;
  /** Time that the log accounts for, in seconds. */
  readonly seconds: number;
}

const TICK_MS = 250;
const TICKS = 400;
/** Probability of a fault in each tick. */
const FAULT = 0.12;
const LOSS: FaultRates = { crash: 0, lost: 0.005 };
const NO_FAULTS: FaultRates = { crash: 0, lost: 0 };
/** Turns of the event loop for which a journal is waited for: a process may wait for another one. */
const TURNS_MAX = 50;
const SLOT_MS = 1000 / FPS;

/**
 * Runs the processes of one camera through faults that the seed decides, under virtual time, and
 * compares the log with what the camera sent and with the time that passed.
 */
export async function checkAccount(seed: string, mutation: Mutation = {}): Promise<CheckedTime> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-account-'));
  try {
    return await runModel(seed, folder, mutation);
  } finally {
    vi.useRealTimers();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runModel(seed: string, folder: string, mutation: Mutation): Promise<CheckedTime> {
  const random = createRandom(seed);
  const inner = createMemoryObjectStore();
  await inner.ensureBucket(BUCKETS.streams);
  const followed = random.between(0, 1) < 0.5;
  const time = startVirtualTime(START, () => followed);
  const store = mutation.store?.(inner, random) ?? inner;
  const scheduler = createScheduler(store, random);
  const model = new Model({ folder, random, time, scheduler, append: mutation.append });
  await model.run();
  const end = await model.end();
  await scheduler.deliverLost();
  return { ...(await compare(model, inner, end)), faults: model.faults };
}

interface ModelOptions {
  readonly folder: string;
  readonly random: Random;
  readonly time: VirtualTime;
  readonly scheduler: Scheduler;
  readonly append: Mutation['append'];
}

/** Two hosts, of which processes watch one camera. */
class Model {
  readonly all = new Observations();
  readonly sent = new Map<string, number>();
  readonly faults = Object.fromEntries(ACCOUNT_FAULTS.map((fault) => [fault, 0])) as Record<
    AccountFault,
    number
  >;
  private readonly room: JournalRoom = createJournalRoom({
    ...{ change: () => undefined, create: () => undefined },
    close: () => undefined,
  });
  private cameras: AccountedCamera[] = [];
  private names = new Map<AccountedCamera, string>();
  private host = 0;
  private epochs = 0;
  private cameraAwayUntil = 0;
  private storeAwayUntil = 0;
  private tickCount = 0;
  private attaching = 0;

  constructor(private readonly options: ModelOptions) {}

  async run(): Promise<void> {
    const { random, scheduler, time } = this.options;
    void this.start();
    for (; this.tickCount < TICKS; this.tickCount++) {
      if (random.between(0, 1) < FAULT) this.inject(random.pick(ACCOUNT_FAULTS));
      this.tick();
      for (let steps = random.between(0, 30); steps > 0; steps--) {
        await this.untilFilesAreRead();
        if (!(await scheduler.step(LOSS))) break;
      }
      await this.untilFilesAreRead();
      if (!time.isAway && this.attaching === 0 && !this.cameras.some((each) => each.isRunning))
        void this.start();
    }
  }

  /** Ends the camera without further faults; returns the instant until which it is accounted for. */
  async end(): Promise<number> {
    const { time, scheduler } = this.options;
    time.isAway = false;
    for (const camera of this.cameras) this.stop(camera);
    const last = this.create();
    let isAttached = false;
    for (let tries = 0; !isAttached && tries < 3; tries++)
      isAttached = await finished(scheduler, last.attach(this.nextEpoch()));
    time.pass(1000);
    last.tick(true);
    return finished(scheduler, last.finish());
  }

  private tick(): void {
    const { time, random } = this.options;
    time.isAway = this.tickCount < this.storeAwayUntil;
    time.pass(Math.round(TICK_MS * random.between(0.6, 1.4)));
    for (const camera of this.cameras) camera.tick(this.tickCount >= this.cameraAwayUntil);
  }

  private inject(fault: AccountFault): void {
    const { random, time } = this.options;
    const running = this.cameras.filter((each) => each.isRunning);
    // A fault that changes nothing is not counted.
    if (running.length === 0) return;
    this.faults[fault]++;
    const until = this.tickCount + Math.floor(random.between(2, 60));
    switch (fault) {
      case 'kill':
        return running.forEach((camera) => this.stop(camera));
      case 'lost host':
        running.forEach((camera) => this.stop(camera));
        this.host++;
        return;
      case 'second owner':
        if (random.between(0, 1) < 0.5) this.host++;
        return void this.start();
      case 'hand-over':
        return running.forEach((camera) => void camera.attach(this.nextEpoch()));
      case 'store away':
        this.storeAwayUntil = until;
        return;
      case 'camera away':
        this.cameraAwayUntil = until;
        return;
      case 'clock set forward':
        return time.set(Math.round(random.between(1100, 90_000)));
      case 'clock set back':
        return time.set(-Math.round(random.between(100, 5000)));
      case 'suspension':
        return time.suspend(Math.round(random.between(1100, 600_000)));
    }
  }

  /** Waits for journals that are read: the disk is not part of the virtual time. */
  private async untilFilesAreRead(): Promise<void> {
    const { scheduler } = this.options;
    const isReading = (camera: AccountedCamera) =>
      camera.isAttaching && !camera.isOver && !scheduler.isWaiting(this.names.get(camera)!);
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      await settle();
      if (!this.cameras.some(isReading)) return;
    }
  }

  private async start(): Promise<void> {
    this.attaching++;
    await this.create().attach(this.nextEpoch());
    this.attaching--;
  }

  private create(): AccountedCamera {
    const { folder, time, append } = this.options;
    const name = `process ${this.names.size + 1}`;
    const camera = new AccountedCamera({
      ...{ name, time, room: this.room, sent: this.sent, all: this.all },
      folder: join(folder, `host-${this.host}`),
      log: this.logOf(name),
      ...(append && { append }),
    });
    this.names.set(camera, name);
    this.cameras = [...this.cameras.filter(({ isOver }) => !isOver), camera];
    return camera;
  }

  /** Kills a process, whose requests on the way may arrive later. */
  private stop(camera: AccountedCamera): void {
    if (camera.isOver) return;
    camera.kill();
    this.options.scheduler.crash(this.names.get(camera)!);
  }

  private logOf(name: string): LogRef {
    const { scheduler, time } = this.options;
    const store = scheduler.storeOf(name);
    const expectAnswer = () => {
      if (time.isAway) throw new AppError('SERVER_UNAVAILABLE', 'The store is away.');
    };
    const answering: LogStore = {
      put: async (...args) => (expectAnswer(), store.put(...args)),
      find: async (...args) => (expectAnswer(), store.find(...args)),
      remove: async (...args) => (expectAnswer(), store.remove(...args)),
      list: async function* (...args) {
        expectAnswer();
        yield* store.list(...args);
      },
    };
    return { store: answering, uuid: MODEL_UUID };
  }

  private nextEpoch(): string {
    return epochOf(1, ++this.epochs);
  }
}

/** Runs requests without faults until some work has ended. */
async function finished<T>(scheduler: Scheduler, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = () => (isDone = true);
  work.then(done, done);
  for (let step = 0; !isDone; step++) {
    if (step === 20_000) throw new Error('A process does not end.');
    await scheduler.step(NO_FAULTS);
  }
  return work;
}

/** Compares the log with what was sent, what was stored before, and the time that passed. */
async function compare({ all, sent }: Model, store: LogStore, end: number) {
  const log = { store, uuid: MODEL_UUID };
  await joinDays(log).catch((error: unknown) => {
    if (!isExpectedEnd(error)) throw error;
  });
  const entries: LogEntry[] = [];
  const accountant = createAccountant();
  for await (const stretch of createLogReader(log).readNew()) {
    accountant.add(stretch);
    entries.push(...stretch.entries);
  }
  const shown = new Observations();
  const rows = await runReader(log, shown, () => true);
  const account = accountant.finish();
  const violations = [
    ...[...all.violations, ...shown.violations, ...(account?.problems ?? ['the log is empty'])],
    ...[...all.seen].flatMap(([key, text]) =>
      shown.seen.get(key) === text ? [] : [`${key} was ${text}, is ${shown.seen.get(key)}`],
    ),
    ...checkCover(entries, end),
    ...checkRows(entries, sent),
  ];
  return { violations, rows, seconds: (end - START) / 1000 };
}

/** Checks that each instant from the start to the end is in one row or one gap. */
function checkCover(entries: readonly LogEntry[], end: number): string[] {
  const spans = entries.map((entry) =>
    isGap(entry)
      ? { from: Date.parse(entry.gap.from), to: Date.parse(entry.gap.to) }
      : slotAt(Date.parse(entry.timestamp), FPS),
  );
  const violations: string[] = [];
  let at = START;
  let sum = 0;
  for (const { from, to } of spans) {
    // The start of the scenario, and a process that continued, may be in the middle of a slot.
    if (from > at || to <= at) violations.push(`${from} to ${to} follows ${at}`);
    sum += to - at;
    at = to;
  }
  if (Math.abs(at - end) > SLOT_MS) violations.push(`the log ends at ${at}, the time at ${end}`);
  if (Math.abs(sum - (end - START)) > SLOT_MS) {
    violations.push(`${sum} ms are accounted for of ${end - START} ms`);
  }
  return violations;
}

/** Checks that each row is a frame that the camera sent, at its time, and that none is there twice. */
function checkRows(entries: readonly LogEntry[], sent: ReadonlyMap<string, number>): string[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    if (isGap(entry)) return [];
    const mark = entry.detections[0]?.class ?? 'nothing';
    const isTwice = seen.has(mark);
    seen.add(mark);
    if (isTwice) return [`frame ${mark} has two rows`];
    const arrival = sent.get(mark);
    return arrival === Date.parse(entry.timestamp) ? [] : [`row of ${mark} at ${entry.timestamp}`];
  });
}
