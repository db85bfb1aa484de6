import type { ItemContent } from './dataset-item.js';
import { sortObjects } from './verdicts.js';

/** Pixels by which boxes may differ that other tools have rounded. */
const ROUNDED_PIXELS = 0.02;

/** Whether two contents are the same, except for the rounding of other tools. */
export function isSameContent(a: ItemContent, b: ItemContent): boolean {
  if (a.label !== undefined || b.label !== undefined) return a.label === b.label;
  if (a.objects.length !== b.objects.length) return false;
  const others = sortObjects(b.objects);
  return a.objects.every((object) => {
    const index = others.findIndex((other) => isSameObject(object, other));
    if (index >= 0) others.splice(index, 1);
    return index >= 0;
  });
}

type Objects = NonNullable<ItemContent['objects']>;

function isSameObject(a: Objects[number], b: Objects[number]): boolean {
  if (a.class !== b.class) return false;
  return a.box.every((value, i) => Math.abs(value - b.box[i]!) <= ROUNDED_PIXELS);
}
