import { describe, expect, it } from 'vitest';
import { partBytesOf } from './part-upload.js';

const MIB = 1024 ** 2;

describe('the size of a part', () => {
  it.each([
    [1, 16],
    [16 * MIB, 16],
    [16_000 * MIB, 16],
    [16_000 * MIB + 1, 17],
    [50 * 1024 * MIB, 52],
  ])('of a file of %i bytes is %i MiB, and a thousand hold the file', (size, expected) => {
    expect(partBytesOf(size)).toBe(expected * MIB);
    expect(partBytesOf(size) * 1000).toBeGreaterThanOrEqual(size);
  });
});
