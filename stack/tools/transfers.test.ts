import { expect, it } from 'vitest';
import { createTransfers } from './transfers.js';

it('reports all downloads together, at most once a second', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const transfers = createTransfers(
    (message, kind) => void lines.push(`${kind} ${message}`),
    () => nowMs,
  );
  const [first, second] = [transfers.start(), transfers.start()];
  first(0, 60_000_000);
  second(20_000_000, 40_000_000); // continued: its first bytes were received before
  nowMs = 999;
  first(1, 60_000_000);
  expect(lines).toEqual([]);
  nowMs = 2000;
  first(10_000_000, 60_000_000);
  nowMs = 3500;
  second(22_000_000, 40_000_000);
  expect(lines).toEqual([
    'transient downloading: 30 MB of 100 MB, 5 MB/s, about 14 s left',
    'transient downloading: 32 MB of 100 MB, 3.43 MB/s, about 20 s left',
  ]);
});

it('reports the bytes alone if a server does not state the size', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const onBytes = createTransfers(
    (message) => void lines.push(message),
    () => nowMs,
  ).start();
  onBytes(0, undefined);
  nowMs = 1000;
  onBytes(5_000_000, undefined);
  expect(lines).toEqual(['downloading: 5 MB, 5 MB/s']);
});
