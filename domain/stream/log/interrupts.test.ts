import { describe, expect, it } from 'vitest';
import { checkInterrupted, type ProcessName } from '../../../test/support/interrupted-log.js';

/** Processes of which the first is suspended while the second runs, and the second while the others do. */
const ORDERS: readonly (readonly ProcessName[])[] = [
  ['reader', 'writer', 'successor', 'another successor'],
  ['reader', 'successor', 'writer', 'another successor'],
  ['reader', 'successor', 'writer'],
  ['writer', 'reader', 'successor', 'another successor'],
  ['writer', 'successor', 'reader', 'another successor'],
  ['successor', 'reader', 'writer', 'another successor'],
  ['successor', 'writer', 'reader', 'another successor'],
  ['successor', 'writer', 'reader'],
  ['successor', 'another successor', 'writer', 'reader'],
];
/** Only every fourth pair of requests is tried, to keep the test short. */
const STRIDE = 4;

describe('a log', () => {
  it.each(ORDERS)(
    'is the same to all if the %s, and then the %s, is suspended before any request',
    async (...order) => {
      let runs = 0;
      for (let [first, isOver] = [0, false]; !isOver; first++) {
        for (let [second, isLast] = [first % STRIDE, false]; !isLast; second += STRIDE) {
          const { violations, requests } = await checkInterrupted(order, [first, second]);
          expect(violations, `before requests ${first} and ${second}`).toEqual([]);
          // A process without such a request was not suspended.
          [isOver, isLast] = [requests[0] <= first, requests[1] <= second];
          runs++;
        }
      }
      expect(runs).toBeGreaterThan(10);
    },
  );
});
