import type { VidetteClientDeps } from '../deps.js';
import type { DetectionOptions, Submitted } from '../types.js';
import { applyChanges, readOriginalJob } from './rerun.js';
import { submitFrom } from './submit.js';

/** Narrower parameters of a derived job, and whether it has tracks; all others keep their values. */
export interface DeriveOptions extends Pick<
  DetectionOptions,
  'conf' | 'iou' | 'max_det' | 'classes' | 'tracking' | 'webhook' | 'alerts'
> {
  readonly event_id?: string;
  /** 1 (highest) to 5 (lowest); default: 3. */
  readonly priority?: number;
}

/**
 * Starts a job that filters the detections of a finished job instead of detecting again. The same
 * options again return the same job.
 */
export async function derive(
  deps: VidetteClientDeps,
  eventId: string,
  options: DeriveOptions = {},
): Promise<Submitted> {
  const { video_id, ...original } = await readOriginalJob(deps, eventId);
  const narrowed = applyChanges({ ...original, device: 'auto', frames: 'none' }, options);
  return submitFrom(deps, { derived_from: eventId }, video_id, narrowed);
}
