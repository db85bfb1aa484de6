import { expect, it } from 'vitest';
import { tileAt } from './sprite-tile.js';

it.each([
  [-5, 0],
  [0, 0],
  [799, 0],
  [800, 1],
  [5000, 2],
])('shows at %d ms the image %d', (timeMs, tile) => {
  expect(tileAt({ times_ms: [0, 800, 1600] }, timeMs)).toBe(tile);
});
