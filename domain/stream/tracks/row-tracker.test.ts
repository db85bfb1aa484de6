import { describe, expect, it } from 'vitest';
import { LOG_START, LOG_UUID } from '../../../test/support/log-entries.js';
import { LINE, ROOM, SIZE, trackedRow, walkTo } from '../../../test/support/tracked-rows.js';
import { isGap, isoTime, type LogEntry } from '../entry.js';
import { causeOf } from '../gap.js';
import { createRowTracker, type TracksState } from './row-tracker.js';

const gap = (from: number, to: number): LogEntry => ({
  scenario_uuid: LOG_UUID,
  gap: {
    ...{ from: isoTime(LOG_START + from * 500), to: isoTime(LOG_START + to * 500) },
    ...causeOf('camera_closed'),
  },
});

/** Ids of the objects of each row. */
const idsOf = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) =>
    isGap(entry) ? [] : [entry.detections.map(({ track_id }) => track_id ?? null)],
  );
/** Events as text. */
const eventsOf = (entries: readonly LogEntry[]) =>
  entries.flatMap(({ tracks }) =>
    (tracks?.events ?? []).map((event) =>
      [
        ...[event.kind, event.zone, event.track_id, (event.time_ms - LOG_START) / 500 + 1],
        ...('direction' in event ? [event.direction] : []),
        ...('vanished' in event ? ['vanished'] : []),
      ].join(' '),
    ),
  );
/** State as it is stored. */
const copyOf = (state: TracksState) => JSON.parse(JSON.stringify(state)) as TracksState;

describe('the tracks of a camera', () => {
  it('have ids from their second row on, also after rows without the object', () => {
    const tracker = createRowTracker([]);
    const xs = [10, 20, undefined, 40, 50];
    const rows = xs.map((x, index) => trackedRow(index + 1, ...(x === undefined ? [] : [x])));
    const tracked = rows.map(tracker.add);
    expect(idsOf(tracked)).toEqual([[null], [1], [], [1], [1]]);
    expect(tracked[0]).toHaveProperty('tracks', { size: SIZE });
  });

  it('end with a gap that is longer than a track is kept', () => {
    const follow = (rest: number) => {
      const tracker = createRowTracker([]);
      const at = 3 + rest;
      const rows = [trackedRow(1, 10), trackedRow(2, 12), gap(2, at - 1)];
      return idsOf([...rows, trackedRow(at, 12), trackedRow(at + 1, 12)].map(tracker.add));
    };
    expect(follow(1)).toEqual([[null], [1], [1], [1]]);
    expect(follow(8)).toEqual([[null], [1], [null], [2]]);
  });

  it('do not include rows that are not followed', () => {
    const tracker = createRowTracker([]);
    const { tracks: _, ...row } = trackedRow(1, 10);
    expect(tracker.add(row)).toEqual(row);
    expect(tracker.state.row).toBe(0);
  });

  it('are the same if another process continues after any row', () => {
    const entries: LogEntry[] = [
      ...walkTo(14, (n) => (n % 5 === 0 ? [] : [n * 12, 190 - n * 12])),
      gap(14, 20),
      ...walkTo(30, (n) => [n * 6, 170 - (n % 7)]).slice(20),
    ];
    const whole = createRowTracker([ROOM, LINE]);
    const expected = entries.map(whole.add);
    expect(eventsOf(expected).length).toBeGreaterThan(4);
    let state: TracksState | undefined;
    const continued = entries.map((entry) => {
      const tracker = createRowTracker([ROOM, LINE], state);
      const found = tracker.add(entry);
      state = copyOf(tracker.state);
      return found;
    });
    expect(continued).toEqual(expected);
    // Entries that are read again have the same ids and events.
    expect(expected.map(createRowTracker([ROOM, LINE]).add)).toEqual(expected);
  });
});

describe('the zones of a camera', () => {
  it('have events, and the tracks that are inside', () => {
    const tracker = createRowTracker([ROOM, LINE]);
    const tracked = walkTo(6, (n) => [n * 30]).map(tracker.add);
    expect(eventsOf(tracked)).toEqual(['entered room 1 4', 'crossed line 1 4 out']);
    expect(tracked.map(({ tracks }) => tracks && 'inside' in tracks && tracks.inside)).toEqual([
      ...[false, false, false],
      ...[{ room: [1] }, { room: [1] }, { room: [1] }],
    ]);
    expect(tracked[3]!.tracks!.events![0]).toMatchObject({ frame_number: 4, confidence: 0.9 });
  });

  it('are left by a track that ends in a gap', () => {
    const tracker = createRowTracker([ROOM]);
    for (const row of walkTo(6, (n) => [n * 30])) tracker.add(row);
    expect(eventsOf([tracker.add(gap(6, 7))])).toEqual([]);
    expect(eventsOf([tracker.add(gap(7, 20))])).toEqual(['left room 1 6 vanished']);
    expect(tracker.finish()).toEqual([]);
  });

  it('are left at the end', () => {
    const tracker = createRowTracker([ROOM]);
    for (const row of walkTo(6, (n) => [n * 30])) tracker.add(row);
    expect(tracker.finish()).toMatchObject([
      { kind: 'left', dwell_ms: 1000, vanished: true, frame_number: 6, confidence: 0.9 },
    ]);
    expect(tracker.finish()).toEqual([]);
    expect(idsOf([7, 8].map((n) => tracker.add(trackedRow(n, 180))))).toEqual([[null], [2]]);
  });

  it('are left when they are changed, or frames have another size', () => {
    const changed = createRowTracker([ROOM]);
    for (const row of walkTo(6, (n) => [n * 30])) changed.add(row);
    expect([changed.setZones([ROOM]), changed.setZones([LINE])]).toEqual([false, true]);
    expect(eventsOf([changed.add(trackedRow(7, 190))])).toEqual(['left room 1 6 vanished']);

    const resized = createRowTracker([ROOM]);
    for (const row of walkTo(6, (n) => [n * 30])) resized.add(row);
    const row = { ...trackedRow(7, 190), tracks: { size: { width: 400, height: 200 } } };
    expect(eventsOf([resized.add(row)])).toEqual(['left room 1 6 vanished']);
  });
});
