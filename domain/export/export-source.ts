import type { ZoneOrLine } from '../zone/zone.js';
import type { ResultFrame, ResultHeader, ResultSummary } from '../result/result.js';

/** A result as exports read it: its frames one after another, and again from the start if needed. */
export interface ExportSource {
  readonly header: ResultHeader;
  readonly summary: ResultSummary;
  /** Names of all classes that an object can have; a class's id is its place. */
  readonly classes: readonly string[];
  /** Frames by frame, and then the skipped ones. */
  readonly frames: () => AsyncIterable<ResultFrame>;
}

/** Options of an export. */
export interface ExportOptions {
  /** `coco91`: categories of a COCO export are numbered as in COCO's own annotations. */
  readonly ids?: 'model' | 'coco91';
  /** Whether each line of a YOLO export ends with the confidence. */
  readonly conf?: boolean;
  /** Whether a YOLO export contains the stored frames. */
  readonly images?: boolean;
  /** CSV and JSON lines: zones of which each object names those that it is in. */
  readonly zones?: readonly ZoneOrLine[] | undefined;
}

/** Name of a frame in data sets, without an extension. */
export function frameName({ video_id }: Pick<ResultHeader, 'video_id'>, frame: number): string {
  return `${video_id}_${frame}`;
}

/**
 * Names of classes by id: those of the model, then those that only the result has (its model is
 * no longer in the catalogue).
 */
export function classesOf(
  labels: readonly string[],
  { objects_by_class }: Pick<ResultSummary, 'objects_by_class'>,
): readonly string[] {
  const known = new Set(labels);
  const others = Object.keys(objects_by_class).filter((name) => !known.has(name));
  return [...labels, ...others.sort()];
}

/** Ids by name; of two classes of one name, the first. */
export function classIds(classes: readonly string[]): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const [id, name] of classes.entries()) if (!ids.has(name)) ids.set(name, id);
  return ids;
}
