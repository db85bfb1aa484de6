import { describe, expect, it } from 'vitest';
import {
  CAMERA_KEY,
  createCameraKey,
  internalTokenOf,
  sealCameraUrl,
  unsealCameraUrl,
} from './camera-seal.js';

const URL = 'rtsp://user:p@ss#word@10.0.0.7/live';
const KEY = createCameraKey();

describe('sealCameraUrl', () => {
  it('hides the URL, and seals it differently each time', () => {
    const sealed = sealCameraUrl(KEY, 'gate', URL);
    expect(unsealCameraUrl(KEY, 'gate', sealed)).toBe(URL);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toMatch(/user|word|10\.0/);
    expect(sealCameraUrl(KEY, 'gate', URL)).not.toBe(sealed);
  });

  it.each([
    ['another key', (sealed: string) => unsealCameraUrl(createCameraKey(), 'gate', sealed)],
    ['another camera', (sealed: string) => unsealCameraUrl(KEY, 'yard', sealed)],
    ['a changed nonce', (sealed: string) => unsealCameraUrl(KEY, 'gate', flipBit(sealed, 0))],
    ['a changed tag', (sealed: string) => unsealCameraUrl(KEY, 'gate', flipBit(sealed, -1))],
    ['a short text', () => unsealCameraUrl(KEY, 'gate', 'AAAA')],
  ])('is not unsealed with %s', (_, unseal) => {
    const sealed = sealCameraUrl(KEY, 'gate', URL);
    expect(() => unseal(sealed)).toThrow(expect.objectContaining({ code: 'CAMERA_UNREADABLE' }));
  });
});

/** Returns sealed text in which one bit of the byte at an index is inverted. */
function flipBit(sealed: string, index: number): string {
  const data = Buffer.from(sealed, 'base64');
  const at = index < 0 ? data.length + index : index;
  data.writeUInt8(data.readUInt8(at) ^ 1, at);
  return data.toString('base64');
}

it('creates keys of the form of VIDETTE_CAMERA_KEY', () => {
  expect(createCameraKey()).toMatch(CAMERA_KEY);
  expect(createCameraKey()).not.toBe(createCameraKey());
});

it('derives one token of each key, which does not contain the key', () => {
  expect(internalTokenOf(KEY)).toBe(internalTokenOf(KEY));
  expect(internalTokenOf(createCameraKey())).not.toBe(internalTokenOf(KEY));
});
