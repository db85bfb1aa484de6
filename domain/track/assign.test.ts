import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assign } from './assign.js';

const matrices = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((gains) => ({ rows, columns, gains: Float64Array.from(gains) })),
  );

/** Largest sum of gains, by trying all pairings. */
function bestSum(gains: Float64Array, rows: number, columns: number): number {
  const tryRow = (row: number, used: ReadonlySet<number>): number => {
    if (row === rows) return 0;
    let best = tryRow(row + 1, used);
    for (let column = 0; column < columns; column++) {
      if (used.has(column)) continue;
      const gain = gains[row * columns + column]!;
      best = Math.max(best, gain + tryRow(row + 1, new Set([...used, column])));
    }
    return best;
  };
  return tryRow(0, new Set());
}

it('finds the pairs with the largest sum of gains', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const { rows, columns, gains } = matrix;
      const pairs = assign(matrix);
      const sum = pairs.reduce((total, [row, column]) => total + gains[row * columns + column]!, 0);
      expect(sum).toBe(bestSum(gains, rows, columns));
      expect(new Set(pairs.map(([row]) => row)).size).toBe(pairs.length);
      expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
    }),
  );
});

it('prefers two moderate pairs to one good pair', () => {
  const gains = Float64Array.from([0.9, 0.8, 0.8, 0]);
  expect(assign({ rows: 2, columns: 2, gains })).toEqual([
    [0, 1],
    [1, 0],
  ]);
});
