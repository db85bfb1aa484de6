import { describe, expect, it } from 'vitest';
import { notifyRule } from '../../../test/support/stream-rows.js';
import { LINE, ROOM, trackedRow, walkTo } from '../../../test/support/tracked-rows.js';
import type { NotifyRule } from '../scenario-rules.js';
import { createRowTracker } from '../tracks/row-tracker.js';
import { createEventRules } from './event-rules.js';
import { zoneDocument, zoneDocumentsOf, zoneEventOf } from './zone-document.js';

/** A person who walks to the right and into the room, and one who stays outside of it. */
const WALK = walkTo(12, (n) => [n * 15, 30]);
const tracked = () => WALK.map(createRowTracker([ROOM, LINE]).add);

/** Frames of the first and last row, and number of objects, of each event of a rule. */
function eventsOf(rule: Partial<NotifyRule>) {
  const rules = createEventRules([notifyRule(rule)]);
  const changes = [...tracked().flatMap((row) => rules.add(row)), ...rules.close()];
  return changes
    .filter(({ kind }) => kind === 'ended')
    .map(({ event }) => [event.first_frame, event.last_frame, event.objects]);
}

describe('a rule with a zone', () => {
  it('counts the objects in it', () => {
    expect(eventsOf({})).toEqual([[1, 12, 2]]);
    expect(eventsOf({ zone: 'room' })).toEqual([[7, 12, 1]]);
    expect(eventsOf({ zone: 'room', classes: ['car'] })).toEqual([]);
  });

  it('starts with the first crossing of a line, whatever its number of rows', () => {
    expect(eventsOf({ zone: 'line', frames: 5 })).toEqual([[7, 7, 1]]);
    expect(eventsOf({ zone: 'line', direction: 'out' })).toEqual([[7, 7, 1]]);
    expect(eventsOf({ zone: 'line', direction: 'in' })).toEqual([]);
  });

  it('counts nothing in rows that are not followed', () => {
    const rules = createEventRules([notifyRule({ zone: 'room', frames: 1 })]);
    const { tracks: _, ...row } = trackedRow(1, 150);
    expect(rules.add(row)).toEqual([]);
  });
});

describe('the documents of passages', () => {
  const documents = () => tracked().flatMap(zoneDocumentsOf);

  it('have the object, the place and the time', () => {
    expect(documents()).toMatchObject([
      {
        ...{ rule: null, classes: ['person'], confidence: 0.9, objects: 1, done: true },
        zone: { name: 'room', kind: 'entered', track_id: 1 },
        ...{ started_at: WALK[6]!.timestamp, ended_at: WALK[6]!.timestamp, first_frame: 7 },
      },
      { zone: { name: 'line', kind: 'crossed', track_id: 1, direction: 'out' } },
    ]);
  });

  it('have ids that are unique, and the same each time', () => {
    const ids = documents().map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^20260111T123003000Z-z[0-9a-f]{12}$/);
    expect(documents().map(({ event_id }) => event_id)).toEqual(ids);
  });

  it('can be read as events of zones', () => {
    const tracker = createRowTracker([ROOM, LINE]);
    const events = [
      ...WALK.map(tracker.add).flatMap(({ tracks }) => tracks?.events ?? []),
      ...tracker.finish(),
    ];
    expect(events.map(({ kind }) => kind)).toEqual(['entered', 'crossed', 'left']);
    const read = events.flatMap((event) => zoneEventOf(zoneDocument('uuid', event)));
    expect(events).toMatchObject(read);
  });
});
