import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { localModel } from '../test/support/lane-jobs.js';
import { sleep, useLanePool } from '../test/support/scripted-lanes.js';

describe('a job of another model', () => {
  const lanes = useLanePool();
  it('starts a lane, after which an idle lane ends', async () => {
    const before = lanes.pool.pids;
    const pid = await lanes.answeringPid(localModel('other'));
    expect(before).not.toContain(pid);
    await expect.poll(() => lanes.pool.pids).toHaveLength(2);
    expect(lanes.pool.pids).toContain(pid);
    expect(lanes.pool.pids.filter((each) => before.includes(each))).toHaveLength(1);
  });

  it('counts if only the version differs', async () => {
    const before = lanes.pool.pids;
    expect(before).not.toContain(await lanes.answeringPid(localModel('usual', 2)));
    expect(before).toContain(await lanes.answeringPid());
  });

  it('gets all lanes while no other job waits', async () => {
    const before = lanes.pool.pids;
    const jobs = lanes.block(4, localModel('other'));
    await expect.poll(() => lanes.pool.pids.filter((pid) => before.includes(pid))).toEqual([]);
    await expect.poll(() => lanes.pool.pids).toHaveLength(2);
    jobs.stop();
    expect(await jobs.ended).toEqual(Array(4).fill('cancelled'));
  });

  it('does not wait for a draining lane, which finishes its jobs', async () => {
    const before = lanes.pool.pids;
    const [first, second] = [lanes.block(2), lanes.block(2)];
    const pid = await lanes.answeringPid(localModel('other'));
    await sleep(200);
    // One of the two lanes is draining; its jobs continue.
    expect(lanes.pool.pids).toEqual([...before, pid]);
    for (const jobs of [first, second]) jobs.stop();
    expect(await Promise.all([first.ended, second.ended])).toEqual(
      Array(2).fill(Array(2).fill('cancelled')),
    );
    await expect.poll(() => lanes.pool.pids).toHaveLength(2);
    expect(lanes.pool.pids).toContain(pid);
  });

  it('adds at most one process to the lanes', async () => {
    const seen: number[] = [];
    const watch = setInterval(() => seen.push(lanes.pool.pids.length), 5);
    const names = ['slow', 'second', 'third', 'slow', 'second'];
    const answers = await Promise.all(
      names.map((name) => lanes.send('answer', { of: localModel(name) })),
    );
    clearInterval(watch);
    expect(answers).toHaveLength(names.length);
    expect(Math.max(...seen)).toBe(3);
  });
});

describe('two models on one lane', () => {
  const lanes = useLanePool();
  beforeEach(() => lanes.usePool(1));

  /** Runs jobs of a model one after another; resolves with the process ids of their lanes. */
  async function stream(of: LocalModel, count: number): Promise<number[]> {
    const pids: number[] = [];
    for (let i = 0; i < count; i++) {
      pids.push(await lanes.answeringPid(of));
      await sleep(20);
    }
    return pids;
  }

  it('take turns that last for several jobs', async () => {
    const [usual, other] = await Promise.all([
      stream(localModel('usual'), 40),
      stream(localModel('other'), 40),
    ]);
    const pids = new Set([...usual, ...other]);
    expect(usual.filter((pid) => other.includes(pid))).toEqual([]);
    expect(pids.size).toBeGreaterThanOrEqual(2);
    expect(pids.size).toBeLessThanOrEqual(12);
  });
});

describe('a model that cannot be loaded', () => {
  const lanes = useLanePool();
  it('fails only its own jobs, with the reason', async () => {
    const before = lanes.pool.pids;
    const jobs = lanes.block(2);
    const broken = [1, 2].map(() => lanes.send('answer', { of: localModel('broken') }));
    for (const ended of await Promise.allSettled(broken)) {
      expect(ended).toMatchObject({ reason: { code: 'MODEL_INVALID', message: 'not a model' } });
    }
    expect(lanes.pool.pids).toEqual(before);
    expect(lanes.unserved).toEqual([]);
    jobs.stop();
    expect(await jobs.ended).toEqual(['cancelled', 'cancelled']);
    expect(before).toContain(await lanes.answeringPid());
  });

  it.each(['deadly', 'frozen'])('fails its jobs with LANE_LOST if the lane is %s', async (name) => {
    const before = lanes.pool.pids;
    const job = lanes.send('answer', { of: localModel(name) });
    await expect(job).rejects.toMatchObject({ code: 'LANE_LOST', retryable: true });
    expect(lanes.pool.pids).toEqual(before);
  });

  it('is loaded again only after a delay', async () => {
    const deadly = () => lanes.send('answer', { of: localModel('deadly') });
    await expect(deadly()).rejects.toMatchObject({ code: 'LANE_LOST' });
    const start = performance.now();
    await expect(deadly()).rejects.toMatchObject({ code: 'LANE_LOST' });
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it('rejects load(), after which another model can be loaded', async () => {
    await expect(lanes.pool.load(localModel('broken'))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    expect(lanes.unserved).toContain('not a model');
    await lanes.pool.load(localModel('good'));
    expect(lanes.pool.pids).toHaveLength(2);
    expect(lanes.pool.pids).toContain(await lanes.answeringPid(localModel('good')));
  });
});

describe('a model that reduces its batches', () => {
  const lanes = useLanePool();
  it('is logged once for all its lanes', async () => {
    await lanes.pool.load(localModel('small'));
    expect(lanes.pool.pids).toHaveLength(2);
    const warnings = lanes.logged.filter(
      ({ msg }) => msg === 'fewer frames in one inference than asked for',
    );
    expect(warnings).toMatchObject([{ batch: 1, reason: 'exported so' }]);
    expect(warnings[0]!['model']).toMatch(/^small@1 /);
  });
});

describe('a prepared model', () => {
  const lanes = useLanePool();
  const usual = localModel('usual');

  it('gets a lane while those of the current model serve', async () => {
    const before = lanes.pool.pids;
    const next = localModel('slow', 2);
    const prepared = lanes.pool.prepare(next, usual);
    await expect.poll(() => lanes.pool.pids).toHaveLength(3);
    expect(before).toContain(await lanes.answeringPid());
    await prepared;
    const after = lanes.pool.pids;
    const pid = await lanes.answeringPid(next);
    expect(before).not.toContain(pid);
    expect(after).toContain(pid);
  });

  it('gets none if the current model has none, or if it has one already', async () => {
    const before = lanes.pool.pids;
    expect(await lanes.pool.prepare(localModel('other', 2), localModel('other'))).toBe(false);
    expect(await lanes.pool.prepare(usual, usual)).toBe(true);
    expect(lanes.pool.pids).toEqual(before);
  });

  it('is rejected with the reason if it cannot be loaded; the current one serves', async () => {
    await expect(lanes.pool.prepare(localModel('broken'), usual)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    expect(lanes.pool.pids).toContain(await lanes.answeringPid());
  });

  it('is rejected when the pool is closed', async () => {
    const prepared = lanes.pool.prepare(localModel('slow', 3), usual);
    const rejected = expect(prepared).rejects.toMatchObject({ code: 'LANE_LOST' });
    await lanes.pool.close();
    await rejected;
    await expect(lanes.pool.prepare(usual, usual)).rejects.toMatchObject({ code: 'LANE_LOST' });
  });
});
