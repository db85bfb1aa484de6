import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { LaneJob, LocalModel } from '../../domain/ports.js';
import { lostFrame } from '../../workers/inferring-marker.js';
import { LanePool } from '../../workers/lane-pool.js';

/** A lane that loads as the name of its model says, and does what the key of its source says. */
const SCRIPT = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const waiting = new Map();
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
  hang: () => { for (;;); },
  wait: (id) => waiting.set(id, 1),
  deaf: (id) => setInterval(() => tell({ type: 'alive' }), 100),
};
const loads = {
  broken: () => tell({ type: 'unloadable', error: { code: 'MODEL_INVALID', message: 'no network', facts: {} } }),
  deadly: () => process.exit(4),
  frozen: () => { for (;;); },
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
export async function usePool(lanes: number): Promise<void> {
  await pool?.close();
  pool = createPool(lanes);
  await pool.load(model('usual'));
}

function createPool(lanes: number): LanePool {
  const logger = pino({ level: 'silent' });
  const times = { timeoutMs: TIMEOUT_MS, turnMs: TURN_MS, idleMs: IDLE_MS };
  return new LanePool({ entry, lanes, jobsPerLane: 2, ...times, factsOf: lostFrame, logger });
}

/** A model of this name; neither pool nor script reads more of a manifest. */
export const model = (name: string, version = 1) =>
  ({ manifest: { name, version, sha256: 'f' }, path: name }) as unknown as LocalModel;

export type Order = 'answer' | 'fail' | 'crash' | 'die' | 'dieAt' | 'hang' | 'wait' | 'deaf';

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
export async function answeringPid(of?: LocalModel): Promise<number> {
  const { rows } = await send('answer', of && { of });
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
