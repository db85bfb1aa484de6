import { gridsOf } from '../decode/grid.js';
import { NANODET } from './preprocessing-presets.js';
import { cellOffsetOf } from './match-rows.js';
import type { Clues, Match } from './match.js';

const STRIDES = [8, 16, 32, 64];
const BINS = 8;

/** Matches a pair of outputs per grid: confidences, and the distributions of four sides. */
export function matchNanodetPairs({ facts, classCount, size }: Clues): Match[] {
  const { outputs } = facts;
  const strides = STRIDES.slice(0, outputs.length / 2);
  if (outputs.length !== 2 * strides.length || strides.length < 3) return [];
  const namesOf = (values: number) =>
    gridsOf(size, strides).map(
      ({ rows, columns }) =>
        outputs.find(({ dims }) => dims[1] === rows * columns && dims[2] === values)?.name,
    );
  const confidences = namesOf(classCount).filter((name) => name !== undefined);
  const distances = namesOf(4 * BINS).filter((name) => name !== undefined);
  const found = new Set([...confidences, ...distances]);
  if (found.size !== outputs.length) return [];
  return [
    {
      output: {
        family: 'nanodet',
        tensors: { confidences, distances },
        strides,
        cell_offset: cellOffsetOf(strides),
        bins: BINS,
      },
      because: `it has a pair of outputs for each of ${strides.length} grids: ${classCount} confidences, and a distribution of 8 values per side`,
      convention: NANODET,
    },
  ];
}
