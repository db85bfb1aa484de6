import type { FoundObject } from './found-objects.js';

/** Object with the row in which its bar is drawn, from 0. */
export interface PlacedBar {
  readonly object: FoundObject;
  readonly row: number;
}

/**
 * Places spans that overlap in different rows: each takes the first row that is free at its start.
 * @param objects by their start
 */
export function placeBars(objects: readonly FoundObject[]): readonly PlacedBar[] {
  const ends: number[] = [];
  return objects.map((object) => {
    const free = ends.findIndex((endMs) => endMs < object.fromMs);
    const row = free < 0 ? ends.length : free;
    ends[row] = object.toMs;
    return { object, row };
  });
}
