import { expect, it } from 'vitest';
import { encodeVideoName } from './video-name.js';

it.each(['street.mp4', 'Straße 1 & 2 %.mp4', '監視カメラ🎥.mp4', ''])(
  'keeps the name %s',
  (name) => {
    expect(decodeURIComponent(encodeVideoName(name))).toBe(name);
    expect(encodeVideoName(name)).toMatch(/^[\x21-\x7e]*$/);
  },
);

it('replaces a half of a character, which cannot be encoded', () => {
  expect(decodeURIComponent(encodeVideoName('a\ud800b'))).toBe('a\ufffdb');
});

it.each(['x', '監', '🎥'])('omits the end of a long name of %s, at a whole character', (letter) => {
  const name = letter.repeat(2000);
  const encoded = encodeVideoName(name);
  expect(encoded.length).toBeLessThanOrEqual(1536);
  expect(encoded.length).toBeGreaterThan(1500);
  expect(name.startsWith(decodeURIComponent(encoded))).toBe(true);
});
