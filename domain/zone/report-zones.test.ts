import { expect, it } from 'vitest';
import type { ResultFrame } from '../result/result.js';
import { parseZones, reportZones } from './report-zones.js';

const SIZE = { width: 100, height: 100 };
const ZONES = parseZones([
  {
    ...{ name: 'right', kind: 'zone' },
    points: [
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.5, 1],
    ],
  },
  {
    ...{ name: 'middle', kind: 'line' },
    points: [
      [0.5, 0],
      [0.5, 1],
    ],
  },
]);

async function* framesOf(all: readonly ResultFrame[]): AsyncGenerator<ResultFrame> {
  yield* all;
  await Promise.resolve();
}

/** Row with one object of a track at a place. */
const row = (frame: number, x: number, track_id?: number): ResultFrame => ({
  ...{ frame, timestamp_ms: frame * 1000 },
  objects: [{ class: 'car', conf: 0.9, box: [x - 5, 40, x + 5, 50], track_id }],
});

it('reports events by time, and the counts of each minute', async () => {
  const frames = [
    ...[row(0, 20, 1), row(1, 80, 2), row(2, 80, 1), row(3, 20, 2)],
    ...[{ frame: 4, reason: 'damaged' }, row(61, 20, 1)],
  ];
  const { events, minutes } = await reportZones(framesOf(frames), ZONES, SIZE);
  expect(
    events.map(({ kind, track_id, time_ms, zone }) => [time_ms, track_id, kind, zone]),
  ).toEqual([
    [1000, 2, 'entered', 'right'],
    [2000, 1, 'entered', 'right'],
    [2000, 1, 'crossed', 'middle'],
    [3000, 2, 'left', 'right'],
    [3000, 2, 'crossed', 'middle'],
    [61_000, 1, 'left', 'right'],
    [61_000, 1, 'crossed', 'middle'],
  ]);
  const car = { class: 'car', entered: 0, left: 0, in: 0, out: 0 };
  expect(minutes).toEqual([
    { ...car, minute_ms: 0, zone: 'middle', in: 1, out: 1 },
    { ...car, minute_ms: 0, zone: 'right', entered: 1, left: 1 },
    { ...car, minute_ms: 60_000, zone: 'middle', in: 1 },
    { ...car, minute_ms: 60_000, zone: 'right', left: 1 },
  ]);
});

it('ignores objects without a track', async () => {
  const frames = [row(0, 20), row(1, 80)];
  const { events, minutes, totals } = await reportZones(framesOf(frames), ZONES, SIZE);
  expect([events, minutes]).toEqual([[], []]);
  expect(totals.map(({ zone, objects }) => [zone, objects])).toEqual([
    ['right', 0],
    ['middle', 0],
  ]);
});

it('names what is wrong with zones', () => {
  expect(() => parseZones([{ kind: 'zone' }])).toThrow(/Invalid zones: 0\.name: /);
  expect(() => parseZones('door')).toThrow('Invalid zones: zones: ');
});
