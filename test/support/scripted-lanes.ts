import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { LaneJob } from '../../domain/ports/lanes.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { lostAt } from '../../detection/in-flight-marker.js';
import { LanePool } from '../../lanes/pool.js';

/** A lane that loads as the name of its model says, and does what the key of its source says. */
const SCRIPT = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const waiting = new Map();
const held = [];
const GROWTH = 128 * 1024 ** 2;
const tell = (message) => process.send(message);
const orders = {
  answer: (id) => {
    tell({ type: 'frames', id, done: 1 });
    tell({ type: 'done', id, result: { rows: [{ pid: process.pid }], skipped: [], failed: [] } });
  },
  fail: (id) => tell({ type: 'failed', id, error: { code: 'DECODE_FAILED', message: 'no', facts: { range: 3 } } }),
  crash: (id) => tell({ type: 'failed', id, error: { message: 'oops', facts: {} } }),
  die: () => process.exit(3),
  dieAt: (id, job) => {
    writeFileSync(join(job.source.folder, 'inferring'), '25              ');
    process.exit(3);
  },
  dieAtSeveral: (id, job) => {
    writeFileSync(join(job.source.folder, 'inferring'), 'x8              ');
    process.exit(3);
  },
  hang: () => { for (;;); },
  grow: (id) => {
    held.push(Buffer.alloc(GROWTH, 1));
    tell({ type: 'done', id, result: { rows: [{ pid: process.pid }], skipped: [], failed: [] } });
  },
  wait: (id) => waiting.set(id, 1),
  deaf: (id) => setInterval(() => tell({ type: 'alive' }), 100),
};
const loads = {
  broken: () => tell({ type: 'unloadable', error: { code: 'MODEL_INVALID', message: 'no network', facts: {} } }),
  deadly: () => process.exit(4),
  frozen: () => { for (;;); },
  small: () => {
    tell({ type: 'smaller-batch', size: 1, reason: 'exported so' });
    tell({ type: 'loaded' });
  },
  slow: () => setTimeout(() => tell({ type: 'loaded' }), 400),
};
process.on('message', ({ type, id, job, model }) => {
  if (type === 'load') (loads[model.manifest.name] ?? (() => tell({ type: 'loaded' })))();
  else if (type === 'detect') orders[job.source.key](id, job);
  else if (waiting.delete(id)) tell({ type: 'failed', id, error: { message: 'aborted', facts: {} } });
});
process.on('disconnect', () => process.exit(0));
`;
export const TIMEOUT_MS = 1500;
const TURN_MS = 600;
const IDLE_MS = 300;

/** Warnings and errors of the pools of the file's tests, one record each. */
export const logged: Record<string, unknown>[] = [];

let folder: string;
let entry: string;
/** The pool of the test that runs. */
export let pool: LanePool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-lanes-'));
  entry = join(folder, 'lane.mjs');
  await writeFile(entry, SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => usePool(2));
afterEach(() => pool.close());

/** Puts a pool of so many lanes, with a model loaded, in the place of the one that there is. */
export async function usePool(lanes: number, memoryBytes = 0): Promise<void> {
  await pool?.close();
  pool = createPool(lanes, memoryBytes);
  await pool.load(model('usual'));
}

function createPool(lanes: number, memoryBytes: number): LanePool {
  const write = (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>);
  const logger = pino({ level: 'warn' }, { write });
  const times = { timeoutMs: TIMEOUT_MS, turnMs: TURN_MS, idleMs: IDLE_MS };
  const sizes = { lanes, jobsPerLane: 2, memoryBytes };
  return new LanePool({ entry, ...sizes, ...times, factsOf: lostAt, logger });
}

/** A model of this name; neither pool nor script reads more of a manifest. */
export const model = (name: string, version = 1) =>
  ({ manifest: { name, version, sha256: 'f' }, path: name }) as unknown as LocalModel;

export type Order =
  | 'answer'
  | 'fail'
  | 'crash'
  | 'die'
  | 'dieAt'
  | 'dieAtSeveral'
  | 'hang'
  | 'grow'
  | 'wait'
  | 'deaf';

interface Sending {
  readonly of?: LocalModel;
  readonly signal?: AbortSignal;
  readonly onFrames?: (done: number) => void;
  readonly alone?: boolean;
}

/** Gives the pool a job that is answered as the order says. */
export function send(order: Order, sending: Sending = {}) {
  const { of = model('usual'), signal, onFrames, alone } = sending;
  // The script reads nothing but the key.
  const source = { kind: 'packed', key: order, folder };
  const job = { model: of, source, alone } as unknown as LaneJob;
  return pool.detect(job, {
    signal: signal ?? new AbortController().signal,
    onFrames: onFrames ?? (() => undefined),
  });
}

/** The lane that answers next. */
export async function answeringPid(of?: LocalModel, order: Order = 'answer'): Promise<number> {
  const { rows } = await send(order, of && { of });
  return (rows[0] as unknown as { pid: number }).pid;
}

/** Jobs that hold their lanes until they are stopped. */
export function block(count: number, of?: LocalModel) {
  const stop = new AbortController();
  const ended = Array.from({ length: count }, () =>
    send('wait', { ...(of && { of }), signal: stop.signal }).catch(() => 'cancelled'),
  );
  return { stop: () => stop.abort(), ended: Promise.all(ended) };
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
