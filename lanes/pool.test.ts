import { describe, expect, it } from 'vitest';
import { sleep, TIMEOUT_MS, useLanePool } from '../test/support/scripted-lanes.js';

const MIB = 1024 ** 2;

describe('a pool of lanes', () => {
  const lanes = useLanePool();
  it('gives a job to a lane and hands its progress and result on', async () => {
    const told: number[] = [];
    const result = await lanes.send('answer', { onFrames: (done) => told.push(done) });
    expect(result.skipped).toEqual([]);
    expect(told).toEqual([1]);
    expect(lanes.pool.pids).toContain(await lanes.answeringPid());
  });

  it('spreads jobs over its lanes and keeps the rest waiting', async () => {
    const stops = Array.from({ length: 4 }, () => new AbortController());
    const blocked = stops.map(({ signal }) =>
      lanes.send('wait', { signal }).catch(() => 'cancelled'),
    );
    let answered = false;
    const queued = lanes.answeringPid().finally(() => (answered = true));
    await sleep(300);
    expect(answered).toBe(false);
    stops[0]!.abort();
    expect(lanes.pool.pids).toContain(await queued);
    for (const stop of stops) stop.abort();
    expect(await Promise.all(blocked)).toEqual(Array(4).fill('cancelled'));
  });

  it('gives on an error with its code and facts', async () => {
    await expect(lanes.send('fail')).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: 'no',
      facts: { range: 3 },
    });
    await expect(lanes.send('crash')).rejects.toThrow('oops');
  });

  it('replaces a lane that dies, and fails its jobs as lost', async () => {
    const before = lanes.pool.pids;
    const lost = lanes.send('die');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST', retryable: true });
    await expect(lost).rejects.toThrow('code 3');
    expect(lanes.pool.pids).toHaveLength(2);
    expect(lanes.pool.pids.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(await Promise.all([lanes.answeringPid(), lanes.answeringPid()])).toHaveLength(2);
  });

  it('ends a lane that hangs after its time, and replaces it', async () => {
    const start = performance.now();
    const lost = lanes.send('hang');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST' });
    await expect(lost).rejects.toThrow('SIGKILL');
    expect(performance.now() - start).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(lanes.pool.pids).toContain(await lanes.answeringPid());
  });

  it('says at which frame a lane was lost, when it was at work on one', async () => {
    await expect(lanes.send('dieAt')).rejects.toMatchObject({
      code: 'LANE_LOST',
      facts: { frame: 25, how: 'code 3' },
    });
  });

  it('says how many frames a lane was at work on, when they were several', async () => {
    const error: unknown = await lanes.send('dieAtSeveral').catch((lost: unknown) => lost);
    expect(error).toMatchObject({ code: 'LANE_LOST', facts: { frames: 8, how: 'code 3' } });
    expect(error).not.toHaveProperty('facts.frame');
  });

  it('keeps a lane for a job that wants to be alone in it', async () => {
    await lanes.usePool(1);
    const first = lanes.block(1);
    const alone = lanes.send('answer', { alone: true });
    const queued = lanes.send('answer');
    first.stop();
    await first.ended;
    const order: string[] = [];
    await Promise.all([
      alone.then(() => order.push('alone')),
      queued.then(() => order.push('queued')),
    ]);
    expect(order).toEqual(['alone', 'queued']);
  });

  it('gives no other job to a lane that is taken', async () => {
    await lanes.usePool(1);
    const stop = new AbortController();
    const alone = lanes.send('wait', { alone: true, signal: stop.signal }).catch(() => 'cancelled');
    let answered = false;
    const queued = lanes.send('answer').finally(() => (answered = true));
    await sleep(300);
    expect(answered).toBe(false);
    stop.abort();
    await Promise.all([alone, queued]);
  });

  it('leaves a lane alone that is long at work but says that it is alive', async () => {
    const before = lanes.pool.pids;
    const stop = new AbortController();
    const job = lanes.send('deaf', { signal: stop.signal }).catch(() => undefined);
    await sleep(2 * TIMEOUT_MS);
    expect(lanes.pool.pids).toEqual(before);
    await lanes.pool.close();
    await job;
  });

  it('replaces a lane that grows too large, between its jobs', async () => {
    await lanes.usePool(1, 300 * MIB);
    const before = await lanes.answeringPid();
    const held = lanes.block(1);
    // It grows past the limit while it holds a job, which it keeps.
    for (let job = 0; job < 3; job++)
      expect(await lanes.answeringPid(undefined, 'grow')).toBe(before);
    await sleep(600);
    held.stop();
    expect(await held.ended).toEqual(['cancelled']);
    const after = await lanes.answeringPid();
    expect(after).not.toBe(before);
    expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
    await sleep(600);
    expect(await lanes.answeringPid()).toBe(after);
  });

  it('does not replace a lane for ever that is large before its first job', async () => {
    await lanes.usePool(1, MIB);
    const before = lanes.pool.pids;
    await sleep(600);
    expect(lanes.pool.pids).toEqual(before);
  });

  it('cancels a job at its lane, which lives on', async () => {
    const before = lanes.pool.pids;
    const stop = new AbortController();
    const job = lanes.send('wait', { signal: stop.signal });
    stop.abort(new Error('not wanted'));
    await expect(job).rejects.toThrow('not wanted');
    expect(lanes.pool.pids).toEqual(before);
  });

  it('takes no job that is cancelled already', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(lanes.send('answer', { signal })).rejects.toThrow('too late');
  });

  it('fails the jobs that wait for a lane when it is closed, and takes no more', async () => {
    const jobs = Array.from({ length: 5 }, () => lanes.send('wait'));
    const ended = Promise.allSettled(jobs);
    await lanes.pool.close();
    for (const job of await ended) {
      expect(job).toMatchObject({ status: 'rejected', reason: { code: 'LANE_LOST' } });
    }
    await expect(lanes.send('answer')).rejects.toMatchObject({ code: 'LANE_LOST' });
  });

  it('ends its lanes when it is closed', async () => {
    await lanes.answeringPid();
    const before = lanes.pool.pids;
    await lanes.pool.close();
    for (const pid of before) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});
