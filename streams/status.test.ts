import { expect, it } from 'vitest';
import { createStatusBoard } from './status.js';

it('reports the state with the time at which it began', () => {
  const board = createStatusBoard();
  board.change('connecting', 'a', 1000);
  board.change('connecting', 'b', 2000);
  expect(board.read(0)).toEqual({
    ...{ state: 'connecting', since: '1970-01-01T00:00:01.000Z', message: 'b' },
    ...{ frame_number: 0, fps: 0, lag_ms: 0 },
  });
});

it('counts the rows of the last ten seconds', () => {
  let now = 0;
  const board = createStatusBoard(() => now);
  for (; now < 20_000; now += 500) board.row(now === 19_500 ? 42 : 7);
  now = 19_999;
  expect(board.read(40)).toMatchObject({ fps: 2, lag_ms: 42, frame_number: 40 });
});

it('is overloaded after a minute of dropped frames, and live again after half a minute', () => {
  let now = 0;
  const board = createStatusBoard(() => now);
  board.change('live', '', 0);
  for (; now <= 60_000; now += 1000) board.overload(2);
  expect(board.read(1)).toMatchObject({ state: 'overloaded' });
  expect(board.read(1).message).toContain('too slow');
  now += 31_000;
  expect(board.read(1)).toMatchObject({ state: 'live' });
  expect(board.dropped).toBe(122);
});
