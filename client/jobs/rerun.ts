import { AppError } from '../../domain/errors.js';
import type { VidetteClientDeps } from '../deps.js';
import { readOverview } from '../results/result-overview.js';
import { findRun, jobNotFound } from './runs.js';
import { submitRerun } from './submit.js';
import type { DetectionOptions, Submitted } from '../types.js';

/** What is different in a rerun; the rest is as it was, the model in its very version. */
export interface RerunChanges extends DetectionOptions {
  readonly event_id?: string;
  /** 1 (first) to 5 (last). */
  readonly priority?: number;
}

/** Runs the video of a job again under a new event with `rerun_of`. */
export async function rerun(
  deps: VidetteClientDeps,
  eventId: string,
  changes: RerunChanges = {},
): Promise<Submitted> {
  const { video_id, ...former } = await formerJob(deps, eventId);
  return submitRerun(deps, eventId, video_id, { ...given(former), ...given(changes) });
}

async function formerJob(
  deps: VidetteClientDeps,
  eventId: string,
): Promise<DetectionOptions & { readonly video_id: string }> {
  const run = await findRun(deps.temporal, eventId);
  const event = await deps.documents.findEvent(eventId);
  if (event) {
    const { video_id, bucket, parameters, model, device } = event;
    const asked = device === 'cpu' || device === 'gpu' ? device : 'auto';
    return {
      video_id,
      bucket,
      ...parameters,
      model: `${model.name}@${model.version}`,
      device: asked,
    };
  }
  const overview = await readOverview(deps.objects, eventId);
  if (overview) {
    const { video_id, bucket, parameters, model, device } = overview;
    const spec = `${model.name}@${model.version}`;
    return { video_id, bucket, ...parameters, model: spec, device: device.asked };
  }
  if (!run) throw jobNotFound(eventId);
  throw new AppError(
    'JOB_NOT_FOUND',
    `Job ${eventId} has no record of what it was asked for; submit its video again instead.`,
    { event_id: eventId },
  );
}

/** The document store keeps what was not given as null. */
function given<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, member]) => member !== undefined && member !== null,
  );
  return Object.fromEntries(entries) as T; // the same members, less those that hold nothing
}
