import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TIME = '2026-01-02T03:04:05.678Z';

describe('page cursor', () => {
  it('round-trips a place in the list', () => {
    const place = { created_at: new Date(TIME), event_id: 'cars_1-a' };
    const text = encodeCursor(place);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(text)).toEqual(place);
  });

  it.each([
    ['an empty text', ''],
    ['invalid base64', '%%%'],
    ['invalid JSON', Buffer.from('{').toString('base64url')],
    ['a missing field', encode({ created_at: TIME })],
    ['an unknown field', encode({ created_at: TIME, event_id: 'a', offset: 3 })],
    ['an invalid time', encode({ created_at: 'yesterday', event_id: 'a' })],
    ['an invalid event id', encode({ created_at: TIME, event_id: '../a' })],
    ['an operator', encode({ created_at: TIME, event_id: { $ne: '' } })],
  ])('rejects %s', (_, text) => {
    expect(() => decodeCursor(text)).toThrow(/Invalid cursor/);
  });
});
