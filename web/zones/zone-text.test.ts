import { describe, expect, it } from 'vitest';
import type { ZoneEvent } from '../../api/types.js';
import {
  countInside,
  describeEvent,
  describeMoment,
  nearestEvent,
  neighbouringEvent,
  totalCells,
} from './zone-text.js';

const at = (time_ms: number, track_id = 7) => ({
  zone: 'room',
  track_id,
  class: 'person',
  time_ms,
});
const EVENTS: readonly ZoneEvent[] = [
  { ...at(0), kind: 'entered', appeared: true },
  { ...at(1000, 8), kind: 'entered' },
  { ...at(1000), kind: 'crossed', direction: 'in', zone: 'door' },
  { ...at(5200), kind: 'left', dwell_ms: 5200 },
  { ...at(9000, 8), kind: 'left', dwell_ms: 8000, vanished: true },
];

it.each([
  [0, 1],
  [999, 1],
  [1000, 2],
  [5200, 1],
  [9000, 0],
])('counts who is inside at %i ms', (timeMs, expected) => {
  expect(countInside(EVENTS, 'room', timeMs)).toBe(expected);
});

it('describes events', () => {
  expect(EVENTS.map(describeEvent)).toEqual([
    'person 7 appeared in room',
    'person 8 entered room',
    'person 7 crossed door in',
    'person 7 left room after 5.2 s',
    'person 8 vanished in room after 8.0 s',
  ]);
  expect(describeMoment(EVENTS[3]!)).toBe('0:05.2 · person 7 left room after 5.2 s');
});

describe('the event near a time', () => {
  it('is the nearest one', () => {
    expect(nearestEvent(EVENTS, 4000)).toBe(EVENTS[3]);
    expect(nearestEvent(EVENTS, 900)).toBe(EVENTS[1]);
    expect(nearestEvent([], 900)).toBeUndefined();
  });

  it('is the next one, or the one before, but not the one that is shown', () => {
    expect(neighbouringEvent(EVENTS, 1001, 1)).toBe(EVENTS[3]);
    expect(neighbouringEvent(EVENTS, 1001, -1)).toBe(EVENTS[0]);
    expect(neighbouringEvent(EVENTS, 9001, 1)).toBeUndefined();
    expect(neighbouringEvent(EVENTS, 1, -1)).toBeUndefined();
  });
});

it('has a dash for what a zone or a line cannot have', () => {
  const counts = { objects: 3, entered: 1, left: 2, in: 3, out: 4 };
  const zone = { ...counts, zone: 'room', kind: 'zone', dwell_median_ms: 75_000 } as const;
  const line = { ...counts, zone: 'door', kind: 'line', dwell_median_ms: null } as const;
  expect(totalCells(zone, 5)).toEqual(['1', '2', '–', '–', '1 min 15 s', '5']);
  expect(totalCells(line, 0)).toEqual(['–', '–', '3', '4', '–', '–']);
});
