import { describe, expect, it } from 'vitest';
import {
  createSightingCollector,
  SIGHTING_PAUSE_MS,
  type SightedRow,
} from './collect-sightings.js';

type Seen = readonly [name: string, conf: number, track_id?: number];

/** Row of a video with a frame each 100 ms. */
const row = (frame: number, ...seen: readonly Seen[]): SightedRow => ({
  frame,
  timestamp_ms: frame * 100,
  objects: seen.map(([name, conf, track_id]) => ({
    ...{ class: name, conf, box: [frame, 0, frame + 1, 1] as const },
    ...(track_id !== undefined && { track_id }),
  })),
});

function collect(rows: readonly SightedRow[], every = 1) {
  const collector = createSightingCollector({ every });
  return [...rows.flatMap((each) => collector.add(each)), ...collector.end()];
}

describe('createSightingCollector', () => {
  it('joins rows of a class and keeps the best frame', () => {
    const rows = [row(0, ['dog', 0.4], ['dog', 0.6]), row(1, ['dog', 0.9]), row(2, ['dog', 0.5])];
    expect(collect(rows)).toEqual([
      {
        ...{ class: 'dog', from_ms: 0, to_ms: 200, first_frame: 0, frames: 3, max_conf: 0.9 },
        best: { frame: 1, timestamp_ms: 100, box: [1, 0, 2, 1] },
      },
    ]);
  });

  it('ends a span only after the pause', () => {
    const pause = SIGHTING_PAUSE_MS / 100;
    const rows = [row(0, ['dog', 0.5]), row(1), row(pause, ['dog', 0.5])];
    expect(collect(rows)).toMatchObject([{ from_ms: 0, to_ms: SIGHTING_PAUSE_MS, frames: 2 }]);
    const later = [row(0, ['dog', 0.5]), row(1), row(pause + 1, ['dog', 0.5])];
    expect(collect(later)).toMatchObject([{ to_ms: 0 }, { from_ms: SIGHTING_PAUSE_MS + 100 }]);
  });

  it('joins consecutive rows that are further apart than the pause', () => {
    const rows = [row(0, ['dog', 0.5]), row(50, ['dog', 0.5]), row(100), row(150, ['dog', 0.5])];
    expect(collect(rows, 50)).toMatchObject([
      { from_ms: 0, to_ms: 5000, frames: 2 },
      { from_ms: 15_000, frames: 1 },
    ]);
  });

  it('ends a span where ranges are missing', () => {
    const rows = [row(0, ['dog', 0.5]), row(100, ['dog', 0.5])];
    expect(collect(rows)).toHaveLength(2);
  });

  it('returns a span as soon as it has ended', () => {
    const collector = createSightingCollector({ every: 1 });
    expect(collector.add(row(0, ['dog', 0.5], ['cat', 0.5]))).toEqual([]);
    expect(collector.add(row(25, ['cat', 0.5]))).toHaveLength(2);
    expect(collector.open()).toMatchObject([{ class: 'cat', from_ms: 2500 }]);
  });

  it('keeps the tracks of a class apart', () => {
    const rows = [row(0, ['dog', 0.5, 1], ['dog', 0.6, 2]), row(1, ['dog', 0.7, 2])];
    expect(collect(rows)).toMatchObject([
      { track_id: 1, to_ms: 0 },
      { track_id: 2, to_ms: 100 },
    ]);
  });
});
