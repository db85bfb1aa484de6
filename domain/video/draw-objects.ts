import type { TimedRow } from '../export/rows-with-duration.js';
import type { Drawing } from '../ports/video-renderer.js';
import type { ColourOf } from '../result/class-colours.js';
import type { StoredObject } from '../result/detection.js';

/** Draws the objects of each row while it is shown, the surest last, over the others. */
export async function* drawObjects(
  rows: AsyncIterable<TimedRow>,
  colourOf: ColourOf,
): AsyncGenerator<Drawing> {
  for await (const { row, fromMs, toMs } of rows) {
    const surestLast = row.objects.toSorted((a, b) => a.conf - b.conf);
    const boxes = surestLast.map((object) => {
      return { box: object.box, colour: colourOf(object.class), label: labelOf(object) };
    });
    yield { fromMs, toMs, boxes };
  }
}

/** Label of an object. @example 'car 0.88' */
export function labelOf({ class: name, conf }: Pick<StoredObject, 'class' | 'conf'>): string {
  return `${name} ${conf.toFixed(2)}`;
}
