import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaneJob, LocalModel } from '../domain/ports.js';
import { LanePool } from './lane-pool.js';

/** A lane that loads as the name of its model says, and does what the key of its source says. */
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
const loads = {
  broken: () => tell({ type: 'unloadable', error: { code: 'MODEL_INVALID', message: 'no network', facts: {} } }),
  deadly: () => process.exit(4),
  frozen: () => { for (;;); },
  slow: () => setTimeout(() => tell({ type: 'loaded' }), 400),
};
process.on('message', ({ type, id, job, model }) => {
  if (type === 'load') (loads[model.manifest.name] ?? (() => tell({ type: 'loaded' })))();
  else if (type === 'detect') orders[job.source.key](id);
  else if (waiting.delete(id)) tell({ type: 'failed', id, error: { message: 'aborted', facts: {} } });
});
process.on('disconnect', () => process.exit(0));
`;
const TIMEOUT_MS = 1500;
const TURN_MS = 600;
const IDLE_MS = 300;

let folder: string;
let entry: string;
let pool: LanePool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-lanes-'));
  entry = join(folder, 'lane.mjs');
  await writeFile(entry, SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  pool = createPool(2);
  await pool.load(model('usual'));
});
afterEach(() => pool.close());

function createPool(lanes: number): LanePool {
  const logger = pino({ level: 'silent' });
  const times = { timeoutMs: TIMEOUT_MS, turnMs: TURN_MS, idleMs: IDLE_MS };
  return new LanePool({ entry, lanes, jobsPerLane: 2, ...times, logger });
}

// Neither pool nor script reads more of a manifest.
const model = (name: string, version = 1) =>
  ({ manifest: { name, version, sha256: 'f' }, path: name }) as unknown as LocalModel;

type Order = 'answer' | 'fail' | 'crash' | 'die' | 'hang' | 'wait' | 'deaf';

interface Sending {
  readonly of?: LocalModel;
  readonly signal?: AbortSignal;
  readonly onFrames?: (done: number) => void;
}

function send(order: Order, { of = model('usual'), signal, onFrames }: Sending = {}) {
  // The script reads nothing but the key.
  const job = { model: of, source: { kind: 'packed', key: order } } as unknown as LaneJob;
  return pool.detect(job, {
    signal: signal ?? new AbortController().signal,
    onFrames: onFrames ?? (() => undefined),
  });
}

/** The lane that answers next. */
async function answeringPid(of?: LocalModel): Promise<number> {
  const { rows } = await send('answer', of && { of });
  return (rows[0] as unknown as { pid: number }).pid;
}

/** Jobs that hold their lanes until they are stopped. */
function block(count: number, of?: LocalModel) {
  const stop = new AbortController();
  const ended = Array.from({ length: count }, () =>
    send('wait', { ...(of && { of }), signal: stop.signal }).catch(() => 'cancelled'),
  );
  return { stop: () => stop.abort(), ended: Promise.all(ended) };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a pool of lanes', () => {
  it('gives a job to a lane and hands its progress and result on', async () => {
    const told: number[] = [];
    const result = await send('answer', { onFrames: (done) => told.push(done) });
    expect(result.skipped).toEqual([]);
    expect(told).toEqual([1]);
    expect(pool.pids).toContain(await answeringPid());
  });

  it('spreads jobs over its lanes and keeps the rest waiting', async () => {
    const stops = Array.from({ length: 4 }, () => new AbortController());
    const blocked = stops.map(({ signal }) => send('wait', { signal }).catch(() => 'cancelled'));
    let answered = false;
    const queued = answeringPid().finally(() => (answered = true));
    await sleep(300);
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
    const job = send('deaf', { signal: stop.signal }).catch(() => undefined);
    await sleep(2 * TIMEOUT_MS);
    expect(pool.pids).toEqual(before);
    await pool.close();
    await job;
  });

  it('cancels a job at its lane, which lives on', async () => {
    const before = pool.pids;
    const stop = new AbortController();
    const job = send('wait', { signal: stop.signal });
    stop.abort(new Error('not wanted'));
    await expect(job).rejects.toThrow('not wanted');
    expect(pool.pids).toEqual(before);
  });

  it('takes no job that is cancelled already', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(send('answer', { signal })).rejects.toThrow('too late');
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

describe('a job of another model', () => {
  it('runs in a new lane, and then a lane that is idle ends', async () => {
    const before = pool.pids;
    const pid = await answeringPid(model('other'));
    expect(before).not.toContain(pid);
    await expect.poll(() => pool.pids).toHaveLength(2);
    expect(pool.pids).toContain(pid);
    expect(pool.pids.filter((each) => before.includes(each))).toHaveLength(1);
  });

  it('is one of another version of the same name', async () => {
    const before = pool.pids;
    expect(before).not.toContain(await answeringPid(model('usual', 2)));
    expect(before).toContain(await answeringPid());
  });

  it('gets all lanes while no job wants the others', async () => {
    const before = pool.pids;
    const jobs = block(4, model('other'));
    await expect.poll(() => pool.pids.filter((pid) => before.includes(pid))).toEqual([]);
    await expect.poll(() => pool.pids).toHaveLength(2);
    jobs.stop();
    expect(await jobs.ended).toEqual(Array(4).fill('cancelled'));
  });

  it('waits for no lane that is drained, which finishes what it holds', async () => {
    const before = pool.pids;
    const [first, second] = [block(2), block(2)];
    const pid = await answeringPid(model('other'));
    await sleep(200);
    // One lane of the two is drained, and its jobs go on.
    expect(pool.pids).toEqual([...before, pid]);
    for (const jobs of [first, second]) jobs.stop();
    expect(await Promise.all([first.ended, second.ended])).toEqual(
      Array(2).fill(Array(2).fill('cancelled')),
    );
    await expect.poll(() => pool.pids).toHaveLength(2);
    expect(pool.pids).toContain(pid);
  });

  it('makes at most one process more than there are lanes', async () => {
    const seen: number[] = [];
    const watch = setInterval(() => seen.push(pool.pids.length), 5);
    const names = ['slow', 'second', 'third', 'slow', 'second'];
    const answers = await Promise.all(names.map((name) => send('answer', { of: model(name) })));
    clearInterval(watch);
    expect(answers).toHaveLength(names.length);
    expect(Math.max(...seen)).toBe(3);
  });
});

describe('two models on one lane', () => {
  beforeEach(async () => {
    await pool.close();
    pool = createPool(1);
    await pool.load(model('usual'));
  });

  /** Jobs of a model one after another, as a queue gives them; resolves with their lanes. */
  async function stream(of: LocalModel, count: number): Promise<number[]> {
    const pids: number[] = [];
    for (let i = 0; i < count; i++) {
      pids.push(await answeringPid(of));
      await sleep(20);
    }
    return pids;
  }

  it('take turns, and none loads for each of its jobs', async () => {
    const [usual, other] = await Promise.all([
      stream(model('usual'), 40),
      stream(model('other'), 40),
    ]);
    const lanes = new Set([...usual, ...other]);
    expect(usual.filter((pid) => other.includes(pid))).toEqual([]);
    expect(lanes.size).toBeGreaterThanOrEqual(2);
    expect(lanes.size).toBeLessThanOrEqual(12);
  });
});

describe('a model that cannot be loaded', () => {
  it('fails its jobs with the reason, and no others', async () => {
    const before = pool.pids;
    const jobs = block(2);
    const broken = [1, 2].map(() => send('answer', { of: model('broken') }));
    for (const ended of await Promise.allSettled(broken)) {
      expect(ended).toMatchObject({ reason: { code: 'MODEL_INVALID', message: 'no network' } });
    }
    expect(pool.pids).toEqual(before);
    jobs.stop();
    expect(await jobs.ended).toEqual(['cancelled', 'cancelled']);
    expect(before).toContain(await answeringPid());
  });

  it.each(['deadly', 'frozen'])('fails its jobs as lost where the lane is %s', async (name) => {
    const before = pool.pids;
    const job = send('answer', { of: model(name) });
    await expect(job).rejects.toMatchObject({ code: 'LANE_LOST', retryable: true });
    expect(pool.pids).toEqual(before);
  });

  it('is not tried again at once, and again after a while', async () => {
    const deadly = () => send('answer', { of: model('deadly') });
    await expect(deadly()).rejects.toMatchObject({ code: 'LANE_LOST' });
    const start = performance.now();
    await expect(deadly()).rejects.toMatchObject({ code: 'LANE_LOST' });
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it('rejects a start with it, after which another can be loaded', async () => {
    await expect(pool.load(model('broken'))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await pool.load(model('good'));
    expect(pool.pids).toHaveLength(2);
    expect(pool.pids).toContain(await answeringPid(model('good')));
  });
});
