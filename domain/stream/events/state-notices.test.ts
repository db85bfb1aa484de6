import { describe, expect, it } from 'vitest';
import type { StreamState } from '../stream-state.js';
import { createStateNotices, DOWN_MS } from './state-notices.js';

const START = Date.UTC(2026, 0, 11);

/** Notices of a scenario whose last row was at {@link START}; times are in ms after it. */
function noticesOf(steps: readonly (readonly [ms: number, state: StreamState | 'row'])[]) {
  const notices = createStateNotices(START);
  return steps.flatMap(([ms, state]) => {
    const now = START + ms;
    const sent = state === 'row' ? notices.addRow(now) : notices.check(state, state, now);
    return sent.map(({ kind, since }) => `${kind} ${since - START}`);
  });
}

describe('notices of the state of a camera', () => {
  it.each<[string, Parameters<typeof noticesOf>[0], string[]]>([
    [
      'are sent once when it is down for too long',
      [
        [DOWN_MS, 'silent'],
        [DOWN_MS + 1, 'silent'],
        [DOWN_MS * 9, 'unreachable'],
      ],
      ['down 0'],
    ],
    ['are sent when it is live without rows', [[DOWN_MS + 1, 'live']], ['down 0']],
    [
      'are not sent for a short absence',
      [
        [20_000, 'connecting'],
        [DOWN_MS, 'row'],
      ],
      [],
    ],
    [
      'are sent when it is back',
      [
        [DOWN_MS + 1, 'silent'],
        [50_000, 'row'],
        [50_500, 'row'],
        [90_000, 'silent'],
      ],
      ['down 0', 'up 0', 'down 50500'],
    ],
    ['are sent when it is back and another process reported it', [[DOWN_MS + 1, 'row']], ['up 0']],
    [
      'are sent at once when it is frozen or refused',
      [
        [5000, 'frozen'],
        [6000, 'row'],
        [7000, 'refused'],
        [8000, 'refused'],
      ],
      ['frozen 0', 'up 0', 'refused 6000'],
    ],
    [
      'are sent for each problem',
      [
        [5000, 'refused'],
        [DOWN_MS + 1, 'unreachable'],
      ],
      ['refused 0', 'down 0'],
    ],
    [
      'are not sent for a pause',
      [
        [DOWN_MS * 2, 'paused'],
        [DOWN_MS * 3, 'connecting'],
        [DOWN_MS * 3 + 1, 'connecting'],
      ],
      ['down 60000'],
    ],
  ])('%s', (_, steps, expected) => expect(noticesOf(steps)).toEqual(expected));
});
