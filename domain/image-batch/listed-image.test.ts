import { describe, expect, it } from 'vitest';
import { parseListedKey } from './key-list.js';
import { isImageName } from './listed-image.js';

describe('isImageName', () => {
  it.each(['a.jpg', 'x/B.JPEG', 'a.png', 'a.webp', 'x.y/0123abcd', 'no-extension'])(
    'accepts %s',
    (name) => expect(isImageName(name)).toBe(true),
  );

  it.each(['x/', 'a.txt', 'a.jpg.json', '.DS_Store', 'x/.hidden.jpg', '__MACOSX/a.jpg'])(
    'rejects %s',
    (name) => expect(isImageName(name)).toBe(false),
  );
});

describe('parseListedKey', () => {
  it('reads a key, a key with a name, and nothing from an empty line', () => {
    expect(parseListedKey(' a b/c.jpg ', 1)).toEqual({ key: 'a b/c.jpg' });
    expect(parseListedKey('{"key":"a","name":"b"}', 1)).toEqual({ key: 'a', name: 'b' });
    expect(parseListedKey('{"key":"a"}', 1)).toEqual({ key: 'a' });
    expect(parseListedKey('  ', 1)).toBeUndefined();
  });

  it.each(['{', '{"name":"b"}', '{"key":5}', '{"key":"a","name":{}}', 'x'.repeat(1025)])(
    'rejects %j by the number of its line, without its text',
    (line) => {
      expect(() => parseListedKey(line, 7)).toThrow(/^Line 7 of the list is not a key/);
    },
  );
});
