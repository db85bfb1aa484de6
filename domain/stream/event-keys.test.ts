import { describe, expect, it } from 'vitest';
import { eventIdAt, eventKey, parseEventKey } from './event-keys.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const INSTANT = Date.parse('2026-01-11T12:30:05.123Z');

describe('an event', () => {
  it('has an id that names its start and rule, in the order of time', () => {
    const ids = [eventIdAt(INSTANT, 1), eventIdAt(INSTANT + 1, 0)];
    expect(ids).toEqual(['20260111T123005123Z-1', '20260111T123005124Z-0']);
    expect(ids.toSorted()).toEqual(ids);
  });

  it.each(['mp4', 'jpg'] as const)('has a key for its %s, which names its day', (file) => {
    const eventId = eventIdAt(INSTANT, 0);
    const key = eventKey(UUID, eventId, file);
    expect(key).toBe(`${UUID}/events/20260111T123005123Z-0.${file}`);
    expect(parseEventKey(key)).toEqual({ eventId, day: '2026-01-11' });
  });

  it.each(['../x', '', 'a/b'])('cannot have the id %j in a key', (id) => {
    expect(() => eventKey(UUID, id, 'mp4')).toThrow(/event_id/);
    expect(() => eventKey(id, eventIdAt(INSTANT, 0), 'mp4')).toThrow(/scenario_uuid/);
  });

  it('is not found in other keys', () => {
    expect(parseEventKey(`${UUID}/rows/2026-01-11/x.jsonl`)).toBeUndefined();
  });
});
