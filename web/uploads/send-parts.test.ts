import { expect, it } from 'vitest';
import { partRange } from './send-parts.js';

const state = { upload_id: 'u', size: 40, part_size: 16, parts: 3, arrived: [], missing: [] };

it.each([
  [1, [0, 16]],
  [2, [16, 32]],
  [3, [32, 40]],
])('assigns part %i the bytes %j', (part, range) => {
  expect(partRange(part, state)).toEqual(range);
});
