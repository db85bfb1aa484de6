import { expect, it } from 'vitest';
import { describePassage } from './describe-passage.js';
import type { ZonePassage } from './stream-event.js';

const room = { name: 'room', track_id: 7 };

it.each<[ZonePassage, string]>([
  [{ ...room, kind: 'entered' }, 'track 7 entered room'],
  [{ ...room, kind: 'entered', appeared: true }, 'track 7 appeared in room'],
  [{ ...room, kind: 'left', dwell_ms: 5230 }, 'track 7 left room after 5.2 s'],
  [
    { ...room, kind: 'left', dwell_ms: 500, vanished: true },
    'track 7 vanished in room after 0.5 s',
  ],
  [{ ...room, kind: 'crossed', direction: 'in' }, 'track 7 crossed room (in)'],
])('describes %j', (passage, expected) => {
  expect(describePassage(passage)).toBe(expected);
});
