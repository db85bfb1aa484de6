import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaneJob } from '../domain/ports.js';
import { LanePool } from './lane-pool.js';

/** A lane that does what the key of its source says. */
const SCRIPT = `
const waiting = new Map();
const tell = (message) => process.send(message);
const orders = {
  answer: (id) => {
    tell({ type: 'frames', id, done: 1 });
    tell({ type: 'done', id, result: { rows: [{ pid: process.pid }], skipped: [] } });
  },
  fail: (id) => tell({ type: 'failed', id, error: { code: 'DECODE_FAILED', message: 'no', facts: { range: 3 } } }),
  crash: (id) => tell({ type: 'failed', id, error: { message: 'oops', facts: {} } }),
  die: () => process.exit(3),
  hang: () => { for (;;); },
  wait: (id) => waiting.set(id, 1),
  deaf: (id) => setInterval(() => tell({ type: 'alive' }), 100),
};
process.on('message', ({ type, id, job }) => {
  if (type === 'detect') orders[job.source.key](id);
  else if (waiting.delete(id)) tell({ type: 'failed', id, error: { message: 'aborted', facts: {} } });
});
process.on('disconnect', () => process.exit(0));
tell({ type: 'ready' });
`;
const TIMEOUT_MS = 1500;

let folder: string;
let entry: string;
let pool: LanePool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-lanes-'));
  entry = join(folder, 'lane.mjs');
  await writeFile(entry, SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  const logger = pino({ level: 'silent' });
  pool = new LanePool({ entry, lanes: 2, jobsPerLane: 2, timeoutMs: TIMEOUT_MS, logger });
});
afterEach(() => pool.close());

type Order = 'answer' | 'fail' | 'crash' | 'die' | 'hang' | 'wait' | 'deaf';

function send(order: Order, signal = new AbortController().signal, onFrames = (): void => {}) {
  // The script reads nothing but the key.
  const job = { source: { kind: 'packed', key: order } } as unknown as LaneJob;
  return pool.detect(job, { signal, onFrames });
}

/** The lane that answers next. */
async function answeringPid(): Promise<number> {
  const { rows } = await send('answer');
  return (rows[0] as unknown as { pid: number }).pid;
}

describe('a pool of lanes', () => {
  it('gives a job to a lane and hands its progress and result on', async () => {
    const told: number[] = [];
    const { signal } = new AbortController();
    const job = { source: { kind: 'packed', key: 'answer' } } as unknown as LaneJob;
    const result = await pool.detect(job, { signal, onFrames: (done) => told.push(done) });
    expect(result.skipped).toEqual([]);
    expect(told).toEqual([1]);
    expect(pool.pids).toContain(await answeringPid());
  });

  it('spreads jobs over its lanes and keeps the rest waiting', async () => {
    const stops = Array.from({ length: 4 }, () => new AbortController());
    const blocked = stops.map(({ signal }) => send('wait', signal).catch(() => 'cancelled'));
    let answered = false;
    const queued = answeringPid().finally(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    stops[0]!.abort();
    expect(pool.pids).toContain(await queued);
    for (const stop of stops) stop.abort();
    expect(await Promise.all(blocked)).toEqual(Array(4).fill('cancelled'));
  });

  it('gives on an error with its code and facts', async () => {
    await expect(send('fail')).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: 'no',
      facts: { range: 3 },
    });
    await expect(send('crash')).rejects.toThrow('oops');
  });

  it('replaces a lane that dies, and fails its jobs as lost', async () => {
    const before = pool.pids;
    const lost = send('die');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST', retryable: true });
    await expect(lost).rejects.toThrow('code 3');
    expect(pool.pids).toHaveLength(2);
    expect(pool.pids.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(await Promise.all([answeringPid(), answeringPid()])).toHaveLength(2);
  });

  it('ends a lane that hangs after its time, and replaces it', async () => {
    const start = performance.now();
    const lost = send('hang');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST' });
    await expect(lost).rejects.toThrow('SIGKILL');
    expect(performance.now() - start).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(pool.pids).toContain(await answeringPid());
  });

  it('leaves a lane alone that is long at work but says that it is alive', async () => {
    const before = pool.pids;
    const stop = new AbortController();
    const job = send('deaf', stop.signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS));
    expect(pool.pids).toEqual(before);
    await pool.close();
    await job;
  });

  it('cancels a job at its lane, which lives on', async () => {
    const before = pool.pids;
    const stop = new AbortController();
    const job = send('wait', stop.signal);
    stop.abort(new Error('not wanted'));
    await expect(job).rejects.toThrow('not wanted');
    expect(pool.pids).toEqual(before);
  });

  it('takes no job that is cancelled already', async () => {
    await expect(send('answer', AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
  });

  it('fails the jobs that wait for a lane when it is closed, and takes no more', async () => {
    const jobs = Array.from({ length: 5 }, () => send('wait'));
    const ended = Promise.allSettled(jobs);
    await pool.close();
    for (const job of await ended) {
      expect(job).toMatchObject({ status: 'rejected', reason: { code: 'LANE_LOST' } });
    }
    await expect(send('answer')).rejects.toMatchObject({ code: 'LANE_LOST' });
  });

  it('ends its lanes when it is closed', async () => {
    await answeringPid();
    const before = pool.pids;
    await pool.close();
    for (const pid of before) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});
