import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { readPlanes } from './read-planes.js';

const framesOf = async (chunks: readonly Buffer[], frameBytes: number) =>
  collect(readPlanes(Readable.from(chunks), frameBytes));

describe('readPlanes', () => {
  it('cuts any chunks into frames of the same size', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 30 }), async (sizes, frameBytes) => {
        let value = 0;
        const chunks = sizes.map((size) =>
          Buffer.from(Array.from({ length: size }, () => value++)),
        );
        const all = Buffer.concat(chunks);
        const frames = await framesOf(chunks, frameBytes);
        expect(frames).toHaveLength(Math.floor(all.length / frameBytes));
        expect(frames.every(({ length }) => length === frameBytes)).toBe(true);
        expect(Buffer.concat(frames)).toEqual(all.subarray(0, frames.length * frameBytes));
      }),
    );
  });

  it('leaves out an incomplete frame at the end', async () => {
    expect(await framesOf([Buffer.alloc(5)], 6)).toEqual([]);
  });

  it('gives each frame a buffer of its own', async () => {
    const [first, second] = await framesOf([Buffer.from('aabb')], 2);
    first!.fill(0);
    expect(second!.toString()).toBe('bb');
  });
});
