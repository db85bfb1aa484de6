import { endsLane } from '../domain/recovery/recovery.js';
import { errorRecordOf } from '../domain/error-record.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { collectMeasures } from './lane-measures.js';
import { ALIVE_MS, type FromLane, type ToLane } from './protocol.js';

/** Work of a lane process: loads one model and runs jobs with it. */
export interface LaneWork<Model, Job, Result> {
  /** Opens the only model of the process, which runs it once. */
  readonly load: (model: LocalModel, events: LoadEvents) => Promise<Model>;
  readonly run: (model: Model, job: Job, options: LaneRunOptions) => Promise<Result>;
}

/** Events of a loaded model. */
export interface LoadEvents {
  readonly onSmallerBatch: OnSmallerBatch;
  /** Called with the duration of each inference in seconds. */
  readonly onInference: (seconds: number) => void;
}

/** Called when the batches of the model are reduced to `size` frames. */
export type OnSmallerBatch = (size: number, reason: string) => void;

export interface LaneRunOptions {
  readonly signal: AbortSignal;
  readonly onFrames: (done: number) => void;
}

/** Minimum interval between progress messages, in milliseconds. */
const REPORT_MS = 250;

/** Serves the pool that started this process, until its channel closes. */
export function serveLane<Model, Job, Result>(
  work: LaneWork<Model, Job, Result>,
  measures = collectMeasures(),
): void {
  const send = (message: FromLane<Result>) => void process.send?.(message);
  const sendMeasures = () => {
    const taken = measures.take();
    if (taken) send({ type: 'measured', measures: taken });
  };
  const sendAlive = () => {
    send({ type: 'alive' });
    sendMeasures();
  };
  const running = new Map<number, AbortController>();
  let loaded: Model | undefined;
  const load = async (model: LocalModel) => {
    try {
      const onSmallerBatch: OnSmallerBatch = (size, reason) =>
        send({ type: 'smaller-batch', size, reason });
      const events = { onSmallerBatch, onInference: measures.inferred };
      loaded = await withKeepAlive(sendAlive, () => work.load(model, events));
      send({ type: 'loaded' });
    } catch (error) {
      send({ type: 'load-failed', error: errorRecordOf(error) });
    }
  };
  const run = async (model: Model, id: number, job: Job) => {
    const controller = new AbortController();
    running.set(id, controller);
    const onFrames = throttleProgress((done) => send({ type: 'frames', id, done }));
    try {
      const options = { signal: controller.signal, onFrames };
      const result = await withKeepAlive(sendAlive, () => work.run(model, job, options));
      sendMeasures();
      send({ type: 'done', id, result });
    } catch (error) {
      sendMeasures();
      const type = endsLane(error) ? 'broken' : 'failed';
      send({ type, id, error: errorRecordOf(error) });
    } finally {
      running.delete(id);
    }
  };
  process.on('message', (message: ToLane<Job>) => {
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else if (message.type === 'load') void load(message.model);
    else if (loaded !== undefined) void run(loaded, message.id, message.job);
  });
  // Without a worker the results have no receiver; the decoders end with this process.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

/** Sends `alive` messages while `work` runs. */
async function withKeepAlive<T>(sendAlive: () => void, work: () => Promise<T>): Promise<T> {
  const alive = setInterval(sendAlive, ALIVE_MS);
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}

function throttleProgress(report: (done: number) => void): (done: number) => void {
  let reportedAt = -Infinity;
  return (done) => {
    if (performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    report(done);
  };
}
