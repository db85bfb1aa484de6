import { AppError } from '../../domain/errors.js';
import type { VidetteClientDeps } from '../deps.js';
import { readOverview } from '../results/result-overview.js';
import { findRun, jobNotFound } from './runs.js';
import { submitFrom } from './submit.js';
import type { DetectionOptions, Submitted } from '../types.js';

/** Options that have no value by default. */
type Unset = 'classes' | 'from_ms' | 'to_ms';

/**
 * Changed options of a rerun; all others keep their values, including the model version. Null
 * removes a value: all classes, from the start, to the end.
 */
export interface RerunChanges extends Omit<DetectionOptions, Unset> {
  readonly classes?: DetectionOptions['classes'] | null;
  readonly from_ms?: number | null;
  readonly to_ms?: number | null;
  readonly event_id?: string;
  /** 1 (highest) to 5 (lowest); default: 3. */
  readonly priority?: number;
}

/** Starts a new job for the video of a job, with `rerun_of` set to it. */
export async function rerun(
  deps: VidetteClientDeps,
  eventId: string,
  changes: RerunChanges = {},
): Promise<Submitted> {
  const { video_id, ...original } = await readOriginalJob(deps, eventId);
  return submitFrom(deps, { rerun_of: eventId }, video_id, applyChanges(original, changes));
}

export async function readOriginalJob(
  deps: VidetteClientDeps,
  eventId: string,
): Promise<DetectionOptions & { readonly video_id: string }> {
  const run = await findRun(deps.temporal, eventId);
  const event = await deps.documents.findEvent(eventId);
  if (event) {
    const { video_id, bucket, model, device } = event;
    const { derived_from: _source, ...parameters } = event.parameters;
    const requested = device === 'cpu' || device === 'gpu' ? device : 'auto';
    return {
      video_id,
      bucket,
      ...parameters,
      model: `${model.name}@${model.version}`,
      device: requested,
    };
  }
  const overview = await readOverview(deps.objects, eventId);
  if (overview) {
    const { video_id, bucket, model, device } = overview;
    const { derived_from: _source, ...parameters } = overview.parameters;
    const spec = `${model.name}@${model.version}`;
    return { video_id, bucket, ...parameters, model: spec, device: device.asked };
  }
  if (!run) throw jobNotFound(eventId);
  throw new AppError(
    'JOB_NOT_FOUND',
    `The options of job ${eventId} are unknown. Submit its video again instead.`,
    { event_id: eventId },
  );
}

/** Returns the options of a job with changes: undefined keeps a value, null removes it. */
export function applyChanges(original: DetectionOptions, changes: RerunChanges): DetectionOptions {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...original, ...Object.fromEntries(given) });
  // The document store also returns null for a value that is missing.
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== null));
}
