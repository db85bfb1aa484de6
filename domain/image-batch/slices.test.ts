import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countShards,
  countSlices,
  placeOfSlice,
  SHARD_IMAGES,
  SLICE_IMAGES,
  slicesOfShard,
} from './slices.js';

describe('slices of a list', () => {
  it('cover each image once, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 35_000 }), (images) => {
        let next = 0;
        for (let slice = 0; slice < countSlices(images); slice++) {
          const { shard, from, to } = placeOfSlice(images, slice);
          const isNext = shard * SHARD_IMAGES + from === next;
          if (!isNext || to <= from || to - from > SLICE_IMAGES) return false;
          next += to - from;
        }
        return next === images;
      }),
    );
  });

  it('of all shards are the slices of the list', () => {
    const images = 25_001;
    const ends = Array.from({ length: countShards(images) }, (_, i) => slicesOfShard(images, i));
    expect(ends).toEqual([
      { from: 0, to: 40 },
      { from: 40, to: 80 },
      { from: 80, to: 100 },
    ]);
    expect(countSlices(images)).toBe(100);
  });
});
