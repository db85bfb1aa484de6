import type { Size } from '../domain/result/detection.js';
import type { AccessUnit } from '../domain/stream/access-unit.js';

/** Access units of a running camera. */
export interface UnitSource {
  /**
   * Calls back with the units from the keyframe at or before a time on, in ms since 1970, as far back
   * as they are kept, and with the ones that follow. Returns a function that ends this.
   */
  follow(fromMs: number, onUnit: (unit: AccessUnit) => void): () => void;
  /** Size of the frames, in pixels; undefined before the first one. */
  size(): Size | undefined;
}
