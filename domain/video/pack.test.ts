import { describe, expect, it } from 'vitest';
import { packEntries, packFrames, placeFrames } from './pack.js';

const frame = (number: number, bytes: number) => ({
  frame: number,
  jpeg: Buffer.alloc(bytes, number),
});

function pack(frames: readonly ReturnType<typeof frame>[]): Buffer {
  const jpegs = frames.map(({ jpeg }) => jpeg);
  const lengths = jpegs.map(({ length }) => length);
  return packFrames(Buffer.concat(jpegs), placeFrames(frames, lengths));
}

describe('packFrames', () => {
  it.each([
    ['no frame', []],
    ['one frame', [frame(0, 10)]],
    ['frames of different lengths', [frame(5, 1), frame(10, 300), frame(15, 7)]],
    ['an empty frame', [frame(0, 0), frame(5, 3)]],
  ])('is found again by its entries: %s', (_, frames) => {
    const packed = pack(frames);
    const found = packEntries(packed).map(([number, offset, length]) => ({
      frame: number,
      jpeg: packed.subarray(offset, offset + length),
    }));
    expect(found).toEqual(frames);
  });

  it('writes the frames, their index and the length of the index', () => {
    const index = '[[5,0,2],[10,2,3]]';
    const length = Buffer.from([index.length, 0, 0, 0]);
    const jpegs = Buffer.from([5, 5, 10, 10, 10]);
    const expected = Buffer.concat([jpegs, Buffer.from(index), length]);
    expect(pack([frame(5, 2), frame(10, 3)])).toEqual(expected);
  });
});
