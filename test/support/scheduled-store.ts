import { setImmediate as settle } from 'node:timers/promises';
import type { LogStore } from '../../domain/stream/log/fence.js';
import type { Random } from '../chaos/random.js';

/** A request of a process that has not yet reached the store. */
interface Request {
  readonly process: string;
  readonly isWrite: boolean;
  readonly apply: () => Promise<void>;
  readonly fail: () => void;
}

/** Probabilities of faults for each step. */
export interface FaultRates {
  /** A write fails for its process, and reaches the store later, or never. */
  readonly lost: number;
  /** A process stops for good; its writes on the way reach the store later, or never. */
  readonly crash: number;
}

/** Decides in which order the requests of several processes reach one store. */
export interface Scheduler {
  /** The store, as a process sees it. */
  storeOf(process: string): LogStore;
  /** Runs one request, or injects one fault; false if no request is left. */
  step(rates: FaultRates): Promise<boolean>;
  /** Lets all lost writes reach the store that are still on their way. */
  deliverLost(): Promise<void>;
  isCrashed(process: string): boolean;
  /** Whether a request of a process has not yet reached the store. */
  isWaiting(process: string): boolean;
  /** Stops a process for good; its writes on the way reach the store later, or never. */
  crash(process: string): void;
}

/** Error of a request of which it is unknown whether it reached the store. */
export class RequestLostError extends Error {}

/** Most keys that a page of a listing has; real stores have 1000. */
const PAGE_MAX = 8;
/** Probabilities that another process runs after a request; a seed has one of them. */
const SWITCH = [0.05, 0.15, 0.4];
const LATE = 0.03;

/** Creates a scheduler over a store whose requests it runs one at a time. */
export function createScheduler(inner: LogStore, random: Random): Scheduler {
  const requests: Request[] = [];
  const late: Request[] = [];
  const crashed = new Set<string>();
  const switchRate = random.pick(SWITCH);
  let running = '';

  function request<T>(process: string, isWrite: boolean, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (crashed.has(process)) return;
      const apply = () => run().then(resolve, reject);
      requests.push({ process, isWrite, apply, fail: () => reject(new RequestLostError()) });
    });
  }

  async function* list(
    process: string,
    ...[bucket, prefix, options]: Parameters<LogStore['list']>
  ) {
    for (let after = options?.after; ;) {
      const size = 1 + Math.floor(random.between(0, PAGE_MAX));
      const page = await request(process, false, () =>
        firstOf(inner.list(bucket, prefix, { ...options, after }), size),
      );
      yield* page;
      if (page.length < size) return;
      after = page.at(-1)!;
    }
  }

  /** One process runs for some requests while the others are suspended, and then another one. */
  function nextRequest(): Request {
    const isSwitch = random.between(0, 1) < switchRate;
    const current = requests.find(({ process }) => process === running);
    const next = isSwitch || !current ? random.pick(requests) : current;
    running = next.process;
    return next;
  }

  function loseWrite(lost: Request): void {
    if (lost.isWrite && random.between(0, 1) < 0.7) late.push(lost);
  }

  function stop(process: string): void {
    crashed.add(process);
    take(requests, (other) => other.process === process).forEach(loseWrite);
  }

  function injectFault({ process }: Request, { lost, crash }: FaultRates): boolean {
    const dice = random.between(0, 1);
    if (dice < crash) stop(process);
    else if (dice < crash + lost) {
      const [failed] = take(requests, (other) => other.process === process);
      failed!.fail();
      loseWrite(failed!);
    } else return false;
    return true;
  }

  return {
    storeOf: (process) => ({
      put: (...args) => request(process, true, () => inner.put(...args)),
      find: (...args) => request(process, false, () => inner.find(...args)),
      remove: (...args) => request(process, true, () => inner.remove(...args)),
      list: (...args) => list(process, ...args),
    }),
    isCrashed: (process) => crashed.has(process),
    isWaiting: (process) => requests.some((request) => request.process === process),
    crash: stop,
    deliverLost: async () => {
      for (const write of late.splice(0)) await write.apply();
    },
    async step(rates) {
      await settle();
      if (requests.length === 0) return false;
      const isLate = late.length > 0 && random.between(0, 1) < LATE;
      const queue = isLate ? late : requests;
      const next = isLate ? random.pick(late) : nextRequest();
      if (isLate || !injectFault(next, rates)) {
        take(queue, (other) => other === next);
        await next.apply();
      }
      return true;
    },
  };
}

/** Removes and returns the items that match. */
function take<T>(items: T[], matches: (item: T) => boolean): T[] {
  const taken = items.filter(matches);
  for (const item of taken) items.splice(items.indexOf(item), 1);
  return taken;
}

async function firstOf(keys: AsyncIterable<string>, count: number): Promise<string[]> {
  const first: string[] = [];
  for await (const key of keys) {
    first.push(key);
    if (first.length === count) break;
  }
  return first;
}
