import { hasCode } from '../domain/errors.js';
import type { LanePool } from '../lanes/pool.js';
import type { StreamJob, StreamResult } from './lane-job.js';
import type { DetectFrame } from './frame-detector.js';

/** Lanes of cameras. */
export type StreamLanes = Pick<LanePool<StreamJob, StreamResult>, 'detect'>;

/**
 * Detects frames in lanes. A frame whose lane is lost is tried once more, alone: another frame of
 * that lane may have been the reason.
 */
export function createDetect(lanes: StreamLanes, signal: AbortSignal): DetectFrame {
  const options = { signal, onFrames: () => undefined };
  return async (job) => {
    try {
      return await lanes.detect(job, options);
    } catch (error) {
      if (!hasCode(error, 'LANE_LOST')) throw error;
      return lanes.detect({ ...job, alone: true }, options);
    }
  };
}
