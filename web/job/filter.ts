import type { StoredObject } from '../../api/types.js';
import type { FrameEntry } from './frame-index.js';

/** Selects the detections that are shown. */
export interface Filter {
  /** 0 to 1. */
  readonly minConfidence: number;
  readonly hiddenClasses: ReadonlySet<string>;
  /** The only class that is shown; takes precedence over hidden classes. */
  readonly onlyClass?: string | undefined;
}

/** Part of a filter that selects classes. */
export type ClassFilter = Pick<Filter, 'hiddenClasses' | 'onlyClass'>;

export const SHOW_ALL: Filter = { minConfidence: 0, hiddenClasses: new Set() };

/** Whether a filter shows detections of a class. */
export const isClassShown = (name: string, { hiddenClasses, onlyClass }: ClassFilter): boolean =>
  onlyClass === undefined ? !hiddenClasses.has(name) : name === onlyClass;

/** Whether a filter shows a detection. */
export const isShown = (object: StoredObject, filter: Filter): boolean =>
  object.conf >= filter.minConfidence && isClassShown(object.class, filter);

/** Detections of a frame that a filter shows. */
export function shownObjects(
  { objects }: Pick<FrameEntry, 'objects'>,
  filter: Filter,
): readonly StoredObject[] {
  return objects.filter((object) => isShown(object, filter));
}
