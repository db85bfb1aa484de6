import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createByteQueue } from './byte-queue.js';

it('returns the bytes that were appended and not dropped', () => {
  const steps = fc.array(fc.record({ add: fc.nat(90_000), drop: fc.nat(120_000) }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(steps, (given) => {
      const queue = createByteQueue();
      let expected = Buffer.alloc(0);
      for (const [index, { add, drop }] of given.entries()) {
        const chunk = Buffer.alloc(add, index + 1);
        queue.append(chunk);
        expected = Buffer.concat([expected, chunk]);
        const count = Math.min(drop, expected.length);
        queue.drop(count);
        expected = expected.subarray(count);
        expect(queue.bytes().equals(expected)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});
