import { ARMS, type ExperimentMode } from './experiment.js';

/**
 * Number of lanes that the API must have for an experiment. The arms of a split share the lanes, one per
 * model; the challenger of a shadow experiment has a lane of its own beside them.
 */
export function lanesNeeded(mode: ExperimentMode): number {
  return mode === 'split' ? ARMS.length : 1;
}
