import type { Size } from '../result/detection.js';

/** Metadata of the sheet of a sprite under which {@link Sprite} is stored, as JSON. */
export const SPRITE_METADATA = 'sprite';

/** Maximum number of images in a sprite. */
export const SPRITE_TILES = 100;
/** Longer side of an image in pixels. */
const TILE_SIDE = 160;
/** Images in a row of the sheet. */
export const SPRITE_COLUMNS = 10;

/** Small images of a video in one sheet, row by row. */
export interface Sprite {
  /** Size of an image in pixels. */
  readonly tile: Size;
  /** Images in a row. */
  readonly columns: number;
  /** Time of each image in whole milliseconds from the start of the video, ascending. */
  readonly times_ms: readonly number[];
}

/** Size of an image: even sides, the longer one of {@link TILE_SIDE} pixels. */
export function tileSize({ width, height }: Size): Size {
  const scale = TILE_SIDE / Math.max(width, height);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}
