import type { StoredRow } from '../../domain/stream/row.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import { rowAt } from './stream-rows.js';

/** Size of the frames of {@link trackedRow}. */
export const SIZE = { width: 200, height: 100 };

/** Right half of the frame. */
export const ROOM: ZoneOrLine = {
  ...{ name: 'room', kind: 'zone' },
  points: [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ],
};

/** Points down in the middle of the frame. */
export const LINE: ZoneOrLine = {
  ...{ name: 'line', kind: 'line' },
  points: [
    [0.5, 0],
    [0.5, 1],
  ],
};

/**
 * Row number n at two rows per second, whose objects are followed: a person of 40 x 60 pixels at each
 * horizontal place.
 */
export function trackedRow(n: number, ...places: readonly number[]): StoredRow {
  const people = places.map((x) => ({
    ...{ class: 'person', confidence: 0.9 },
    bbox: [x - 20, 30, x + 20, 90] as const,
  }));
  return { ...rowAt((n - 1) / 2, n, ...people), tracks: { size: SIZE } };
}

/** Rows from 1 to a number. */
export function walkTo(count: number, placesOf: (n: number) => readonly number[]): StoredRow[] {
  return Array.from({ length: count }, (_, index) => trackedRow(index + 1, ...placesOf(index + 1)));
}
