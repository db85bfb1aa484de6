import { describe, expect, it } from 'vitest';
import { byteSpanOf } from './byte-range.js';

describe('a span of a file of 1000 bytes', () => {
  it.each<[string | undefined, ReturnType<typeof byteSpanOf>]>([
    [undefined, undefined],
    ['', undefined],
    ['bytes=-', undefined],
    ['bytes=a-b', undefined],
    ['lines=0-1', undefined],
    ['bytes=5-2', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=0-', { offset: 0, length: 1000 }],
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=200-299', { offset: 200, length: 100 }],
    [' bytes=999- ', { offset: 999, length: 1 }],
    ['bytes=900-5000', { offset: 900, length: 100 }],
    ['bytes=-100', { offset: 900, length: 100 }],
    ['bytes=-5000', { offset: 0, length: 1000 }],
    ['bytes=-0', null],
    ['bytes=1000-', null],
    ['bytes=1000-2000', null],
  ])('by %j', (header, expected) => {
    expect(byteSpanOf(header, 1000)).toEqual(expected);
  });

  it.each(['bytes=0-', 'bytes=-1'])('an empty file has none: %s', (header) => {
    expect(byteSpanOf(header, 0)).toBeNull();
  });
});
