import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.js';

describe('a cursor', () => {
  it.each([{ token: 'AAEC/+==' }, { token: '' }, { before: '2026-01-02T03:04:05.678Z' }])(
    'comes back as it was: %j',
    (cursor) => {
      const text = encodeCursor(cursor);
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(text)).toEqual(cursor);
    },
  );

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['another member', Buffer.from('{"offset":3}').toString('base64url')],
    [
      'two ways at once',
      Buffer.from('{"token":"","before":"2026-01-02T03:04:05Z"}').toString('base64url'),
    ],
    ['no time', Buffer.from('{"before":"yesterday"}').toString('base64url')],
  ])('is refused: %s', (_, text) => {
    expect(() => decodeCursor(text)).toThrow(/Expected a cursor/);
  });
});
