import { expect, it } from 'vitest';
import { createRowTracker } from '../domain/stream/tracks/row-tracker.js';
import { trackedRow } from '../test/support/tracked-rows.js';
import { createTrackCheckpoints } from './track-checkpoints.js';

function setUp(everyMs: number) {
  const rows: number[] = [];
  const failures: unknown[] = [];
  let isAway = false;
  const checkpoints = createTrackCheckpoints({
    everyMs,
    store: (row) => {
      if (isAway) return Promise.reject(new Error('away'));
      rows.push(row);
      return Promise.resolve();
    },
    onFailure: (error) => failures.push(error),
  });
  const tracker = createRowTracker([]);
  const make = (row: number) => {
    tracker.add(trackedRow(row, 10));
    checkpoints.made(tracker);
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ checkpoints, tracker, rows, failures, make, settled },
    away: (value: boolean) => (isAway = value),
  };
}

it('stores a state when its row is part of the log', async () => {
  const { checkpoints, rows, make, settled } = setUp(0);
  make(1);
  make(2);
  await settled();
  expect(rows).toEqual([]);
  checkpoints.stored(2);
  make(3);
  checkpoints.stored(2);
  await settled();
  expect(rows).toEqual([1]);
  checkpoints.stored(3);
  await settled();
  expect(rows).toEqual([1, 3]);
});

it('takes a state at intervals, at the end, and when it is forced to', async () => {
  const { checkpoints, tracker, rows, make, settled } = setUp(60_000);
  for (const row of [1, 2]) {
    make(row);
    checkpoints.stored(row);
  }
  checkpoints.force();
  make(3);
  checkpoints.stored(3);
  await settled();
  expect(rows).toEqual([1, 3]);
  make(4);
  await checkpoints.finish(tracker);
  expect(rows).toEqual([1, 3, 4]);
});

it('continues after a state that could not be stored', async () => {
  const { checkpoints, rows, failures, make, settled, away } = setUp(0);
  away(true);
  make(1);
  checkpoints.stored(1);
  await settled();
  away(false);
  make(2);
  checkpoints.stored(2);
  await settled();
  expect([rows, failures.length]).toEqual([[2], 1]);
});
