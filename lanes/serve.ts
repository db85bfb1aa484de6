import { AppError, messageOf } from '../domain/errors.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { ALIVE_MS, type FromLane, type LaneFailure, type ToLane } from './protocol.js';

/** What a lane process does: it loads one network, and runs jobs with it. */
export interface LaneWork<Network, Job, Result> {
  /** Opens the only network of the process; opening runs it once. */
  readonly load: (model: LocalModel, onSmallerBatch: OnSmallerBatch) => Promise<Network>;
  readonly run: (network: Network, job: Job, options: LaneRunOptions) => Promise<Result>;
}

/** Told when fewer frames are given to one inference than asked for. */
export type OnSmallerBatch = (size: number, reason: string) => void;

export interface LaneRunOptions {
  readonly signal: AbortSignal;
  readonly onFrames: (done: number) => void;
}

/** Progress is told at most so often. */
const REPORT_MS = 250;

/** Serves the pool that started this process until its channel closes. */
export function serveLane<Network, Job, Result>(work: LaneWork<Network, Job, Result>): void {
  const send = (message: FromLane<Result>) => void process.send?.(message);
  const running = new Map<number, AbortController>();
  let network: Network | undefined;
  const load = async (model: LocalModel) => {
    try {
      const onSmallerBatch: OnSmallerBatch = (size, reason) =>
        send({ type: 'smaller-batch', size, reason });
      network = await withKeepAlive(send, () => work.load(model, onSmallerBatch));
      send({ type: 'loaded' });
    } catch (error) {
      send({ type: 'unloadable', error: failureOf(error) });
    }
  };
  const run = async (loaded: Network, id: number, job: Job) => {
    const controller = new AbortController();
    running.set(id, controller);
    const onFrames = reporting((done) => send({ type: 'frames', id, done }));
    try {
      const options = { signal: controller.signal, onFrames };
      const result = await withKeepAlive(send, () => work.run(loaded, job, options));
      send({ type: 'done', id, result });
    } catch (error) {
      send({ type: 'failed', id, error: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };
  process.on('message', (message: ToLane<Job>) => {
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else if (message.type === 'load') void load(message.model);
    else if (network !== undefined) void run(network, message.id, message.job);
  });
  // The worker is gone: nobody waits for this lane's work, and its decoders end with it.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

/** Tells that this process lives while it is at work. */
async function withKeepAlive<T>(
  tell: (message: { readonly type: 'alive' }) => void,
  work: () => Promise<T>,
): Promise<T> {
  const alive = setInterval(() => tell({ type: 'alive' }), ALIVE_MS);
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}

function reporting(report: (done: number) => void): (done: number) => void {
  let reportedAt = 0;
  return (done) => {
    if (Date.now() - reportedAt < REPORT_MS) return;
    reportedAt = Date.now();
    report(done);
  };
}

function failureOf(error: unknown): LaneFailure {
  const known = error instanceof AppError ? error : undefined;
  return { code: known?.code, message: messageOf(error), facts: known?.facts ?? {} };
}
