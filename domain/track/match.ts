import type { Bbox } from '../result/detection.js';
import { assign, type Pair } from './assign.js';

/** Something with a box and a class: a track at the time of a frame, or an object of that frame. */
export interface Candidate {
  readonly class: string;
  readonly box: Bbox;
}

/** An object of a frame, by its place in the frame. */
export interface Sighting extends Candidate {
  readonly index: number;
  readonly conf: number;
}

/** Rule of one association. */
export interface MatchRule {
  /** Largest cost of a pair: 1 less its overlap. */
  readonly maxCost: number;
  /** Whether the overlap is multiplied by the confidence of the object. */
  readonly weighsConf: boolean;
  /** Margin that is added on each side of both boxes, as a share of their width and height. */
  readonly margin: number;
}

/**
 * Pairs tracks with objects of their class so that the sum of `maxCost - cost` is the largest possible;
 * a pair whose cost is not below the maximum is not made. Cost: 1 less the intersection over union.
 */
export function matchBoxes(
  tracks: readonly Candidate[],
  sightings: readonly Sighting[],
  { maxCost, weighsConf, margin }: MatchRule,
): Pair[] {
  const [rows, columns] = [tracks.length, sightings.length];
  if (rows === 0 || columns === 0) return [];
  const gains = new Float64Array(rows * columns);
  const [ofTracks, ofSightings] = [toBounds(tracks, margin), toBounds(sightings, margin)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const overlap = overlapOf(ofTracks, row, ofSightings, column);
      if (overlap === 0 || tracks[row]!.class !== sightings[column]!.class) continue;
      const weight = weighsConf ? sightings[column]!.conf : 1;
      gains[row * columns + column] = Math.max(0, maxCost - (1 - overlap * weight));
    }
  }
  return assign({ rows, columns, gains });
}

/** Sides of boxes one after another: xMin, yMin, xMax, yMax and the area of each. */
const SIDES = 5;

/**
 * Lists boxes with a margin. Larger boxes overlap although the object moved by more than its own size
 * (Yang et al., "Hard to Track Objects With Irregular Motions and Similar Appearances? Make It Easier
 * by Buffering the Matching Space", WACV 2023).
 */
function toBounds(candidates: readonly Candidate[], margin: number): Float64Array {
  const bounds = new Float64Array(candidates.length * SIDES);
  for (const [i, { box }] of candidates.entries()) {
    const [width, height] = [box[2] - box[0], box[3] - box[1]];
    const [x, y] = [width * margin, height * margin];
    bounds[i * SIDES] = box[0] - x;
    bounds[i * SIDES + 1] = box[1] - y;
    bounds[i * SIDES + 2] = box[2] + x;
    bounds[i * SIDES + 3] = box[3] + y;
    bounds[i * SIDES + 4] = (width + 2 * x) * (height + 2 * y);
  }
  return bounds;
}

/** Intersection over union of two listed boxes; no allocations, because it runs for every pair. */
function overlapOf(a: Float64Array, row: number, b: Float64Array, column: number): number {
  const [i, j] = [row * SIDES, column * SIDES];
  const width = Math.min(a[i + 2]!, b[j + 2]!) - Math.max(a[i]!, b[j]!);
  if (!(width > 0)) return 0;
  const height = Math.min(a[i + 3]!, b[j + 3]!) - Math.max(a[i + 1]!, b[j + 1]!);
  if (!(height > 0)) return 0;
  const shared = width * height;
  return shared / (a[i + 4]! + b[j + 4]! - shared);
}
