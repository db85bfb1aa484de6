import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { messageOf } from '../../domain/errors.js';
import type { LaneJob } from '../../domain/ports/lanes.js';
import type { LaneLoss, LaneMeasures, LaneMeter } from '../../domain/ports/meters.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { inFlightFacts } from '../../detection/in-flight-marker.js';
import { LanePool } from '../../lanes/pool.js';
import { laneJob, localModel } from './lane-jobs.js';

/** Lane whose model name selects how it loads, and whose source key selects its behaviour. */
const SCRIPT = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const waiting = new Map();
const held = [];
const GROWTH = 128 * 1024 ** 2;
const send = (message) => process.send(message);
const orders = {
  answer: (id) => {
    send({ type: 'frames', id, done: 1 });
    send({ type: 'done', id, result: { pid: process.pid } });
  },
  fail: (id) => send({ type: 'failed', id, error: { code: 'DECODE_FAILED', message: 'no', facts: { range: 3 } } }),
  crash: (id) => send({ type: 'failed', id, error: { message: 'oops', facts: {} } }),
  die: () => process.exit(3),
  dieAt: (id, job) => {
    writeFileSync(join(job.source.folder, 'inferring'), '25              ');
    process.exit(3);
  },
  dieAtSeveral: (id, job) => {
    writeFileSync(join(job.source.folder, 'inferring'), 'x8              ');
    process.exit(3);
  },
  breakAt: (id, job) => {
    writeFileSync(join(job.source.folder, 'inferring'), '25              ');
    send({ type: 'broken', id, error: { code: 'GPU_MEMORY_FULL', message: 'memory is full', facts: {} } });
  },
  measure: (id) => {
    send({ type: 'measured', measures: { inferenceS: [0.25], ffmpegRuns: ['ok'] } });
    send({ type: 'done', id, result: { pid: process.pid } });
  },
  hang: () => { for (;;); },
  grow: (id) => {
    held.push(Buffer.alloc(GROWTH, 1));
    send({ type: 'done', id, result: { pid: process.pid } });
  },
  wait: (id) => waiting.set(id, 1),
  deaf: (id) => setInterval(() => send({ type: 'alive' }), 100),
};
const loads = {
  broken: () => send({ type: 'load-failed', error: { code: 'MODEL_INVALID', message: 'not a model', facts: {} } }),
  deadly: () => process.exit(4),
  frozen: () => { for (;;); },
  small: () => {
    send({ type: 'smaller-batch', size: 1, reason: 'exported so' });
    send({ type: 'loaded' });
  },
  slow: () => setTimeout(() => send({ type: 'loaded' }), 400),
};
process.on('message', ({ type, id, job, model }) => {
  if (type === 'load') (loads[model.manifest.name] ?? (() => send({ type: 'loaded' })))();
  else if (type === 'detect') orders[job.source.key](id, job);
  else if (waiting.delete(id)) send({ type: 'failed', id, error: { message: 'aborted', facts: {} } });
});
process.on('disconnect', () => process.exit(0));
`;
export const TIMEOUT_MS = 1500;
const TURN_MS = 600;
const IDLE_MS = 300;
const WATCH_MS = 50;

/** Sends a job to the pool; the script executes the named behaviour. */
export type Send = (order: Order, sending?: Sending) => Promise<ScriptedResult>;

/** Process of the lane that ran a job. */
interface ScriptedResult {
  readonly pid: number;
}

type ScriptedPool = LanePool<LaneJob, ScriptedResult>;

export interface LanePoolFixture {
  /** The pool of the current test. */
  readonly pool: ScriptedPool;
  /** Warnings and errors of all pools of the `describe` block, one record each. */
  readonly logged: readonly Record<string, unknown>[];
  /** Messages of the errors with which pools reported that no lane serves. */
  readonly unserved: readonly string[];
  /** Reasons for which lanes were replaced. */
  readonly restarts: readonly LaneLoss[];
  /** What lanes measured, with the names of their models. */
  readonly measured: readonly (LaneMeasures & { readonly model: string })[];
  readonly send: Send;
  /** Replaces the pool by one with this number of lanes, with a model loaded. */
  usePool(lanes: number, memoryBytes?: number): Promise<void>;
  /** Process id of the lane that replies next. */
  answeringPid(of?: LocalModel, order?: Order): Promise<number>;
  /** Occupies lanes with jobs that last until they are stopped. */
  block(count: number, of?: LocalModel): { stop(): void; readonly ended: Promise<unknown[]> };
}

/** Gives each test of the surrounding `describe` block a pool of two scripted lanes. */
export function useLanePool(): LanePoolFixture {
  const logged: Record<string, unknown>[] = [];
  const unserved: string[] = [];
  const restarts: LaneLoss[] = [];
  const measured: (LaneMeasures & { readonly model: string })[] = [];
  const meter: LaneMeter = {
    restarted: (reason) => void restarts.push(reason),
    measured: ({ name: model }, measures) => void measured.push({ model, ...measures }),
  };
  let folder: string;
  let pool: ScriptedPool | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-lanes-'));
    await writeFile(join(folder, 'lane.mjs'), SCRIPT);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const usePool = async (lanes: number, memoryBytes = 0) => {
    await pool?.close();
    pool = createPool(
      join(folder, 'lane.mjs'),
      { lanes, memoryBytes },
      { logged, unserved, meter },
    );
    await pool.load(localModel('usual'));
  };
  beforeEach(() => usePool(2));
  afterEach(() => pool!.close());

  const send: Send = (order, sending = {}) => {
    const { of = localModel('usual'), signal, onFrames, alone } = sending;
    const source = { kind: 'packed', key: order, folder, frames: [], skipped: [] } as const;
    return pool!.detect(laneJob({ model: of, source, alone }), {
      signal: signal ?? new AbortController().signal,
      onFrames: onFrames ?? (() => undefined),
    });
  };
  return {
    get pool() {
      return pool!; // each test begins with one
    },
    ...{ logged, unserved, restarts, measured, send, usePool },
    answeringPid: async (of, order = 'answer') => (await send(order, of && { of })).pid,
    block: (count, of) => {
      const stop = new AbortController();
      const ended = Array.from({ length: count }, () =>
        send('wait', { ...(of && { of }), signal: stop.signal }).catch(() => 'cancelled'),
      );
      return { stop: () => stop.abort(), ended: Promise.all(ended) };
    },
  };
}

interface PoolRecords {
  readonly logged: Record<string, unknown>[];
  readonly unserved: string[];
  readonly meter: LaneMeter;
}

function createPool(
  entry: string,
  sizes: { readonly lanes: number; readonly memoryBytes: number },
  { logged, unserved, meter }: PoolRecords,
): ScriptedPool {
  const write = (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>);
  const logger = pino({ level: 'warn' }, { write });
  const times = { timeoutMs: TIMEOUT_MS, turnMs: TURN_MS, idleMs: IDLE_MS, watchMs: WATCH_MS };
  return new LanePool<LaneJob, ScriptedResult>({
    entry,
    ...sizes,
    jobsPerLane: 2,
    ...times,
    factsOf: inFlightFacts,
    onUnserved: (error) => unserved.push(messageOf(error)),
    meter,
    logger,
  });
}

export type Order =
  | 'answer'
  | 'fail'
  | 'crash'
  | 'die'
  | 'dieAt'
  | 'dieAtSeveral'
  | 'breakAt'
  | 'measure'
  | 'hang'
  | 'grow'
  | 'wait'
  | 'deaf';

export interface Sending {
  readonly of?: LocalModel;
  readonly signal?: AbortSignal;
  readonly onFrames?: (done: number) => void;
  readonly alone?: boolean;
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
