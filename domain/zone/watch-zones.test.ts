import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bbox } from '../result/detection.js';
import { countByMinute, occupancyOf } from './count-events.js';
import { type TrackedObject, watchZones } from './watch-zones.js';
import type { ZoneOrLine } from './zone.js';

const SIZE = { width: 200, height: 100 };
const ROOM: ZoneOrLine = {
  ...{ name: 'room', kind: 'zone' },
  points: [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ],
};
/** Points down in the middle of the frame: its right is the left half of the frame. */
const DOOR: ZoneOrLine = {
  ...{ name: 'door', kind: 'line' },
  points: [
    [0.5, 0.5],
    [0.5, 1],
  ],
};

/** Box of 20 x 20 pixels that stands on a point: its margin is 2 pixels. */
const standing = (x: number, y = 80): Bbox => [x - 10, y - 20, x + 10, y];

const walk = (xs: readonly number[], id = 1, y = 80): TrackedObject[] =>
  xs.map((x, index) => ({
    ...{ track_id: id, class: 'person', time_ms: index * 500 },
    box: standing(x, y),
  }));

/** All events of a track, to its end. */
function eventsOf(zone: ZoneOrLine, objects: readonly TrackedObject[]) {
  const watch = watchZones([zone], SIZE);
  return [...objects.flatMap((object) => watch.add([object])), ...watch.endAll()];
}

const PERSON = { track_id: 1, class: 'person' };

describe('a zone', () => {
  const room = { zone: 'room', ...PERSON };

  it('is entered and left, with the time in it', () => {
    expect(eventsOf(ROOM, walk([80, 95, 110, 120, 90]))).toEqual([
      { ...room, kind: 'entered', time_ms: 1000 },
      { ...room, kind: 'left', time_ms: 2000, dwell_ms: 1000 },
    ]);
  });

  it('marks a track that begins and ends in it', () => {
    expect(eventsOf(ROOM, walk([150, 151, 152]))).toEqual([
      { ...room, kind: 'entered', time_ms: 0, appeared: true },
      { ...room, kind: 'left', time_ms: 1000, dwell_ms: 1000, vanished: true },
    ]);
  });

  it('is entered at the first position in it, once the margin is reached', () => {
    expect(eventsOf(ROOM, walk([90, 101, 101.5, 103]))[0]).toMatchObject({ time_ms: 500 });
  });

  it('is not entered by an object that turns back within the margin', () => {
    expect(eventsOf(ROOM, walk([90, 101, 99, 101, 90]))).toEqual([]);
  });

  it('is entered by an object that is larger than the zone', () => {
    const small: ZoneOrLine = {
      ...{ name: 'spot', kind: 'zone' },
      points: [
        [0.5, 0.75],
        [0.52, 0.75],
        [0.52, 0.85],
        [0.5, 0.85],
      ],
    };
    expect(eventsOf(small, walk([50, 102, 150])).map(({ kind }) => kind)).toEqual([
      'entered',
      'left',
    ]);
  });

  it('counts only its classes', () => {
    const cars = { ...ROOM, classes: ['car'] };
    expect(eventsOf(cars, walk([80, 120, 80]))).toEqual([]);
  });
});

describe('a line', () => {
  it('is crossed in either direction', () => {
    const directions = (xs: number[]) =>
      eventsOf(DOOR, walk(xs)).map((event) => event.kind === 'crossed' && event.direction);
    expect(directions([120, 80])).toEqual(['in']);
    expect(directions([80, 120])).toEqual(['out']);
    expect(directions([80, 120, 80])).toEqual(['out', 'in']);
  });

  it('is not crossed beside its ends', () => {
    expect(eventsOf(DOOR, walk([80, 120], 1, 40))).toEqual([]);
  });

  it('is crossed where the object passed, not where it went afterwards', () => {
    const passing = [
      ...walk([97]),
      ...walk([0, 101], 1, 80).slice(1),
      ...walk([0, 0, 130], 1, 30).slice(2),
    ];
    expect(eventsOf(DOOR, passing)).toMatchObject([{ kind: 'crossed', time_ms: 500 }]);
  });
});

it('counts a box that trembles on a border at most once', () => {
  const noise = fc.array(fc.double({ min: -1.9, max: 1.9, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(noise, (offsets) => {
      const xs = [60, ...offsets.map((offset) => 100 + offset), 140];
      expect(eventsOf(DOOR, walk(xs))).toHaveLength(1);
      expect(eventsOf(ROOM, walk(xs)).map(({ kind }) => kind)).toEqual(['entered', 'left']);
    }),
  );
});

it('returns the same events if it continues from its state after any frame', () => {
  const position = fc.record({
    track_id: fc.integer({ min: 1, max: 3 }),
    x: fc.integer({ min: 0, max: 200 }),
    y: fc.integer({ min: 20, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(position, { maxLength: 40 }), (positions) => {
      const objects = positions.map(({ track_id, x, y }, index) => ({
        ...{ track_id, class: 'person', time_ms: index * 100 },
        box: standing(x, y),
      }));
      const watch = watchZones([ROOM, DOOR], SIZE);
      const expected = [...objects.flatMap((object) => watch.add([object])), ...watch.endAll()];
      let state = {};
      const events = objects.flatMap((object) => {
        const continued = watchZones([ROOM, DOOR], SIZE, state);
        const found = continued.add([object]);
        state = JSON.parse(JSON.stringify(continued.state())) as typeof state;
        return found;
      });
      const sort = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).sort();
      const ends = watchZones([ROOM, DOOR], SIZE, state).endAll();
      expect(sort([...events, ...ends])).toEqual(sort(expected));
    }),
  );
});

it('has as many objects in a zone as entries minus exits', () => {
  const events = [...eventsOf(ROOM, walk([80, 120, 80])), ...eventsOf(ROOM, walk([150, 150], 2))];
  expect(occupancyOf(events, 'room')).toEqual([
    { time_ms: 0, objects: 1 },
    { time_ms: 500, objects: 2 },
    { time_ms: 500, objects: 1 },
    { time_ms: 1000, objects: 0 },
  ]);
});

it('counts the passages of each minute by zone and class', () => {
  const long = walk(Array.from({ length: 130 }, (_, index) => (index < 125 ? 80 : 120)));
  const events = [...eventsOf(ROOM, long), ...eventsOf(DOOR, walk([80, 120, 80], 2))];
  expect(countByMinute(events)).toEqual([
    { minute_ms: 0, zone: 'door', class: 'person', entered: 0, left: 0, in: 1, out: 1 },
    { minute_ms: 60_000, zone: 'room', class: 'person', entered: 1, left: 0, in: 0, out: 0 },
  ]);
});
