import { sha256 } from '../hash.js';
import type { Split } from './dataset-item.js';

/** Shares of the groups, up to which a group is in the test and the validation part. */
const TEST_BELOW = 0.2;
const VAL_BELOW = 0.3;

const HEX_DIGITS = 8;

/**
 * Returns the part of a group without images whose part was given: 20 % of the groups are for the test,
 * 10 % for validation. It depends on the names alone, so that a group never moves.
 */
export function splitOf(dataset: string, group: string): Split {
  const share = parseInt(sha256(dataset + group).slice(0, HEX_DIGITS), 16) / 16 ** HEX_DIGITS;
  if (share < TEST_BELOW) return 'test';
  return share < VAL_BELOW ? 'val' : 'train';
}
