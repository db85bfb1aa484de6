import type { StoredObject } from '../../api/types.js';
import type { FrameEntry } from './frame-index.js';

/** Selects the objects that are shown. */
export interface Filter {
  /** 0 to 1. */
  readonly minConfidence: number;
  readonly hiddenClasses: ReadonlySet<string>;
}

export const SHOW_ALL: Filter = { minConfidence: 0, hiddenClasses: new Set() };

/** Whether a filter shows an object. */
export const isShown = (object: StoredObject, { minConfidence, hiddenClasses }: Filter): boolean =>
  object.conf >= minConfidence && !hiddenClasses.has(object.class);

/** Objects of a frame that a filter shows. */
export function shownObjects(
  { objects }: Pick<FrameEntry, 'objects'>,
  filter: Filter,
): readonly StoredObject[] {
  return objects.filter((object) => isShown(object, filter));
}
