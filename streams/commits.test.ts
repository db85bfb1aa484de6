import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../domain/errors.js';
import { type Commits, startCommits } from './commits.js';

let commits: Commits;
/** Times of the commits, in ms since the start. */
let times: number[];
let commitMs: number;
let failure: Error | undefined;
let takenOver: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  [times, commitMs, failure, takenOver] = [[], 0, undefined, []];
  const start = performance.now();
  const commit = async () => {
    times.push(performance.now() - start);
    if (commitMs > 0) await new Promise((resolve) => setTimeout(resolve, commitMs));
    if (failure) throw failure;
  };
  const logger = pino({ level: 'silent' });
  commits = startCommits({
    log: { commit },
    logger,
    onTakenOver: (error) => takenOver.push(error),
  });
});
afterEach(() => {
  commits.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Appends an entry after each of these intervals, in ms. */
async function append(...intervals: number[]): Promise<void> {
  for (const ms of intervals) {
    await pass(ms);
    commits.appended();
  }
}

it('stores each entry at once while they are followed', async () => {
  commits.follow(() => undefined);
  await append(430, 500, 470);
  await pass(0);
  expect(times).toEqual([430, 930, 1400]);
});

it('stores entries together that are appended during a commit, or soon after one', async () => {
  commitMs = 30;
  commits.follow(() => undefined);
  await append(400, 10, 40, 40, 400);
  await pass(0);
  expect(times).toEqual([400, 400 + 30 + 150, 890]);
});

it('stores entries every ten seconds while they are not followed', async () => {
  await append(...Array.from({ length: 50 }, () => 500));
  expect(times).toEqual([10_000, 20_000]);
});

it('stores at once what a new follower has not seen', async () => {
  await append(3000);
  commits.follow(() => undefined);
  await pass(0);
  expect(times).toEqual([3000]);
});

it('looks twice a second for another owner while a log without new entries is followed', async () => {
  commits.follow(() => undefined);
  await pass(2000);
  expect(times).toEqual([500, 1000, 1500, 2000]);
});

it('repeats a failed commit twice a second, however many entries follow', async () => {
  commits.follow(() => undefined);
  failure = new Error('the store is unavailable');
  await append(200, ...Array.from({ length: 10 }, () => 100));
  expect(times.length).toBeLessThanOrEqual(3);
  failure = undefined;
  const before = times.length;
  await pass(500);
  expect(times).toHaveLength(before + 1);
  await append(400);
  await pass(0);
  expect(times.at(-1)).toBeGreaterThan(1500);
});

it('stores nothing after it was stopped, and reports another owner', async () => {
  commits.follow(() => undefined);
  failure = new AppError('SCENARIO_TAKEN_OVER', 'taken over');
  await append(400);
  await pass(0);
  expect(takenOver).toEqual([failure]);
  commits.stop();
  failure = undefined;
  await append(1000);
  await pass(1000);
  expect(times).toEqual([400]);
});
