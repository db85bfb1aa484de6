/**
 * `[xMin, yMin, xMax, yMax]` in pixels of the displayed source frame (after rotation), floats.
 * Width is xMax - xMin.
 */
export type Bbox = readonly [xMin: number, yMin: number, xMax: number, yMax: number];

/** One object found in a frame. */
export interface Detection {
  readonly classId: number;
  readonly confidence: number;
  readonly bbox: Bbox;
}

/** A detection as it is stored: the class by name, the box in whole pixels. */
export interface StoredObject {
  readonly class: string;
  readonly box: Bbox;
  readonly conf: number;
}

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Area of a box in square pixels; 0 for a box without extent. */
export function area([xMin, yMin, xMax, yMax]: Bbox): number {
  return Math.max(0, xMax - xMin) * Math.max(0, yMax - yMin);
}

/**
 * Intersection over union of two boxes, 0 to 1.
 * @example iou([0, 0, 2, 2], [1, 0, 3, 2]) // 1/3
 */
export function iou(a: Bbox, b: Bbox): number {
  const shared = area([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  const union = area(a) + area(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** Confidences are stored with five decimals, as the field does. */
const CONF_DECIMALS = 1e5;

/** Writes a detection as it is stored: clipped to the frame and truncated to whole pixels. */
export function toStored(
  detection: Detection,
  frame: Size,
  labels: readonly string[],
): StoredObject {
  const { bbox, classId, confidence } = detection;
  const clip = (value: number, max: number) => Math.trunc(Math.min(Math.max(value, 0), max));
  return {
    class: labels[classId] ?? String(classId),
    box: [
      clip(bbox[0], frame.width),
      clip(bbox[1], frame.height),
      clip(bbox[2], frame.width),
      clip(bbox[3], frame.height),
    ],
    conf: Math.round(confidence * CONF_DECIMALS) / CONF_DECIMALS,
  };
}
