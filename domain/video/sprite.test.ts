import { expect, it } from 'vitest';
import { tileSize } from './sprite.js';

it.each([
  [
    { width: 1920, height: 1080 },
    { width: 160, height: 90 },
  ],
  [
    { width: 1080, height: 1920 },
    { width: 90, height: 160 },
  ],
  [
    { width: 768, height: 576 },
    { width: 160, height: 120 },
  ],
  [
    { width: 10_000, height: 3 },
    { width: 160, height: 2 },
  ],
])('makes images of %j as large as %j', (size, tile) => expect(tileSize(size)).toEqual(tile));
