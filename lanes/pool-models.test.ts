import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../domain/ports/model-registry.js';
import {
  answeringPid,
  block,
  logged,
  model,
  pool,
  send,
  sleep,
  usePool,
} from '../test/support/scripted-lanes.js';

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
  beforeEach(() => usePool(1));

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

describe('a model that takes fewer frames at once than it is given', () => {
  it('is named once in the log, however many lanes it has', async () => {
    await pool.load(model('small'));
    expect(pool.pids).toHaveLength(2);
    const warnings = logged.filter(
      ({ msg }) => msg === 'fewer frames in one inference than asked for',
    );
    expect(warnings).toMatchObject([{ batch: 1, reason: 'exported so' }]);
    expect(warnings[0]!['model']).toMatch(/^small@1 /);
  });
});
