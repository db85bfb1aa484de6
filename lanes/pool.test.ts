import { describe, expect, it, vi } from 'vitest';
import { localModel } from '../test/support/lane-jobs.js';
import { sleep, TIMEOUT_MS, useLanePool } from '../test/support/scripted-lanes.js';

const MIB = 1024 ** 2;

describe('LanePool', () => {
  const lanes = useLanePool();
  it('forwards progress and result of a job', async () => {
    const progress: number[] = [];
    const result = await lanes.send('answer', { onFrames: (done) => progress.push(done) });
    expect(lanes.pool.pids).toContain(result.pid);
    expect(progress).toEqual([1]);
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

  it('forwards error code and facts', async () => {
    await expect(lanes.send('fail')).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: 'no',
      facts: { range: 3 },
    });
    await expect(lanes.send('crash')).rejects.toThrow('oops');
  });

  it('replaces a lane that exits, and fails its jobs with LANE_LOST', async () => {
    const before = lanes.pool.pids;
    const lost = lanes.send('die');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST', retryable: true });
    await expect(lost).rejects.toThrow('code 3');
    expect(lanes.pool.pids).toHaveLength(2);
    expect(lanes.pool.pids.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(await Promise.all([lanes.answeringPid(), lanes.answeringPid()])).toHaveLength(2);
  });

  it('kills a lane that hangs for the timeout, and replaces it', async () => {
    const start = performance.now();
    const lost = lanes.send('hang');
    await expect(lost).rejects.toMatchObject({ code: 'LANE_LOST' });
    await expect(lost).rejects.toThrow('SIGKILL');
    expect(performance.now() - start).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(lanes.pool.pids).toContain(await lanes.answeringPid());
  });

  it('reports why lanes were replaced, and what they measured', async () => {
    const before = lanes.restarts.length;
    for (const order of ['die', 'hang', 'breakAt'] as const) {
      await expect(lanes.send(order)).rejects.toMatchObject({ code: 'LANE_LOST' });
    }
    await lanes.send('measure', { of: localModel('other') });
    expect(lanes.restarts.slice(before)).toEqual(['crashed', 'hung', 'broken']);
    expect(lanes.measured).toEqual([{ model: 'other', inferenceS: [0.25], ffmpegRuns: ['ok'] }]);
    expect(lanes.pool.residentBytes).toBeGreaterThan(MIB);
  });

  it('keeps lanes at work when the clock of the system is set forward', async () => {
    const before = lanes.pool.pids;
    const stop = new AbortController();
    const blocked = lanes.send('wait', { signal: stop.signal }).catch(() => 'cancelled');
    await lanes.answeringPid();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    await sleep(300);
    clock.mockRestore();
    expect(lanes.pool.pids).toEqual(before);
    stop.abort();
    expect(await blocked).toBe('cancelled');
  });

  it('reports the frame at which a lane was lost', async () => {
    await expect(lanes.send('dieAt')).rejects.toMatchObject({
      code: 'LANE_LOST',
      facts: { frame: 25, how: 'code 3' },
    });
  });

  it('reports the number of frames of the batch at which a lane was lost', async () => {
    const error: unknown = await lanes.send('dieAtSeveral').catch((lost: unknown) => lost);
    expect(error).toMatchObject({ code: 'LANE_LOST', facts: { frames: 8, how: 'code 3' } });
    expect(error).not.toHaveProperty('facts.frame');
  });

  it('replaces a lane that can run no further job, and reports why and at which frame', async () => {
    const before = lanes.pool.pids;
    await expect(lanes.send('breakAt')).rejects.toMatchObject({
      code: 'LANE_LOST',
      facts: { frame: 25, how: 'memory is full' },
    });
    await expect.poll(() => lanes.pool.pids.filter((pid) => !before.includes(pid))).toHaveLength(1);
    expect(lanes.pool.pids).toContain(await lanes.answeringPid());
  });

  it('reserves a lane for a job that must be alone', async () => {
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

  it('gives no other job to a lane whose job must be alone', async () => {
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

  it('keeps a lane with a long job that sends alive messages', async () => {
    const before = lanes.pool.pids;
    const stop = new AbortController();
    const job = lanes.send('deaf', { signal: stop.signal }).catch(() => undefined);
    await sleep(2 * TIMEOUT_MS);
    expect(lanes.pool.pids).toEqual(before);
    await lanes.pool.close();
    await job;
  });

  it('replaces a lane that grows too large, after its jobs', async () => {
    await lanes.usePool(1, 400 * MIB);
    const before = await lanes.answeringPid();
    const held = lanes.block(1);
    // It exceeds the limit while it holds a job; the job is not interrupted.
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

  it('keeps a lane that is too large before its first job', async () => {
    await lanes.usePool(1, MIB);
    const before = lanes.pool.pids;
    await sleep(600);
    expect(lanes.pool.pids).toEqual(before);
  });

  it('cancels a job without ending its lane', async () => {
    const before = lanes.pool.pids;
    const stop = new AbortController();
    const job = lanes.send('wait', { signal: stop.signal });
    stop.abort(new Error('cancelled by the caller'));
    await expect(job).rejects.toThrow('cancelled by the caller');
    expect(lanes.pool.pids).toEqual(before);
  });

  it('rejects a job that is already cancelled', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(lanes.send('answer', { signal })).rejects.toThrow('too late');
  });

  it('fails waiting jobs when it is closed, and rejects new ones', async () => {
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
