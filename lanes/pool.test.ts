import { describe, expect, it } from 'vitest';
import {
  answeringPid,
  block,
  pool,
  send,
  sleep,
  TIMEOUT_MS,
  usePool,
} from '../test/support/scripted-lanes.js';

const MIB = 1024 ** 2;

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

  it('says at which frame a lane was lost, when it was at work on one', async () => {
    await expect(send('dieAt')).rejects.toMatchObject({
      code: 'LANE_LOST',
      facts: { frame: 25, how: 'code 3' },
    });
  });

  it('says how many frames a lane was at work on, when they were several', async () => {
    const error: unknown = await send('dieAtSeveral').catch((lost: unknown) => lost);
    expect(error).toMatchObject({ code: 'LANE_LOST', facts: { frames: 8, how: 'code 3' } });
    expect(error).not.toHaveProperty('facts.frame');
  });

  it('keeps a lane for a job that wants to be alone in it', async () => {
    await usePool(1);
    const first = block(1);
    const alone = send('answer', { alone: true });
    const queued = send('answer');
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
    await usePool(1);
    const stop = new AbortController();
    const alone = send('wait', { alone: true, signal: stop.signal }).catch(() => 'cancelled');
    let answered = false;
    const queued = send('answer').finally(() => (answered = true));
    await sleep(300);
    expect(answered).toBe(false);
    stop.abort();
    await Promise.all([alone, queued]);
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

  it('replaces a lane that grows too large, between its jobs', async () => {
    await usePool(1, 300 * MIB);
    const before = await answeringPid();
    const held = block(1);
    // It grows past the limit while it holds a job, which it keeps.
    for (let job = 0; job < 3; job++) expect(await answeringPid(undefined, 'grow')).toBe(before);
    await sleep(600);
    held.stop();
    expect(await held.ended).toEqual(['cancelled']);
    const after = await answeringPid();
    expect(after).not.toBe(before);
    expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
    await sleep(600);
    expect(await answeringPid()).toBe(after);
  });

  it('does not replace a lane for ever that is large before its first job', async () => {
    await usePool(1, MIB);
    const before = pool.pids;
    await sleep(600);
    expect(pool.pids).toEqual(before);
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
