import type { Size } from '../../domain/result/detection.js';
import type { JobSprite } from '../api/sprites.js';

/** Shows the image of a sprite that is nearest before a time, as large as fits into a box. */
export function showTile(
  target: HTMLElement,
  sprite: JobSprite,
  timeMs: number,
  box: Size = sprite.tile,
): void {
  const { image, tile, columns } = sprite;
  const index = tileAt(sprite, timeMs);
  const scale = Math.min(box.width / tile.width, box.height / tile.height);
  const [width, height] = [tile.width * scale, tile.height * scale];
  const [column, row] = [index % columns, Math.floor(index / columns)];
  Object.assign(target.style, {
    ...{ width: `${width}px`, height: `${height}px` },
    ...{ backgroundImage: `url("${image}")`, backgroundSize: `${columns * width}px auto` },
    backgroundPosition: `${-column * width}px ${-row * height}px`,
  });
}

/** Number of the last image at or before a time; 0 before the first one. */
export function tileAt({ times_ms }: Pick<JobSprite, 'times_ms'>, timeMs: number): number {
  return Math.max(
    0,
    times_ms.findLastIndex((ms) => ms <= timeMs),
  );
}
