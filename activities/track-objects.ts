import { log } from '@temporalio/activity';
import { AppError } from '../domain/errors.js';
import type { TrackedVideo, TrackInput } from '../domain/job/activity-contracts.js';
import { findTrackPart } from '../domain/job/job-store.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Part } from '../domain/result/part.js';
import type { TrackerState } from '../domain/track/track.js';
import { encodeTrackPart, type TrackPart } from '../domain/track/track-part.js';
import { finishTracker, startTracker, trackFrame } from '../domain/track/tracker.js';
import type { VideoPlan } from '../domain/video/plan.js';
import { withHeartbeat } from './heartbeat.js';
import { partsInOrder } from './parts-in-order.js';
import type { PlanReader } from './plan-reader.js';

export interface TrackObjectsDeps {
  readonly objects: ObjectStore;
  readonly plans: PlanReader;
}

/**
 * Follows the objects of all ranges, one frame after another, and stores the tracks of each range with
 * the state of the tracker after it. An attempt continues after the last range that is stored; late
 * attempts write the same bytes.
 */
export async function trackObjects(
  { objects, plans }: TrackObjectsDeps,
  { event_id, plan_key }: TrackInput,
): Promise<TrackedVideo> {
  const plan = await plans.read(plan_key);
  const tracks = await withHeartbeat(async ({ signal, report }) => {
    let { range, state } = await resumeFrom(objects, plan);
    const left = plan.ranges.slice(range).map(({ index }) => index);
    for await (const [index, part] of partsInOrder(objects, plan, left)) {
      signal.throwIfAborted();
      const tracked = trackPart(
        state,
        expectPart(plan, index, part),
        index + 1 === plan.ranges.length,
      );
      await objects.put(BUCKETS.results, keys.tracks(event_id, index), encodeTrackPart(tracked), {
        ...{ contentType: 'application/json', signal },
      });
      state = tracked.state;
      report({ ranges: ++range });
    }
    return state.next_id - 1;
  });
  log.info('objects tracked', { event: event_id, tracks });
  return { tracks };
}

/** First range without stored tracks, and the state of the tracker before it. */
async function resumeFrom(
  objects: ObjectStore,
  plan: VideoPlan,
): Promise<{ readonly range: number; readonly state: TrackerState }> {
  // Ranges are stored in order, so that the stored ones are the first of the plan.
  let [stored, missing] = [0, plan.ranges.length + 1];
  let last: TrackPart | undefined;
  while (missing - stored > 1) {
    const middle = (stored + missing) >> 1;
    const found = await findTrackPart(objects, plan.event_id, middle - 1);
    if (found) [stored, last] = [middle, found];
    else missing = middle;
  }
  return { range: stored, state: last?.state ?? startTracker() };
}

/** Follows the objects of a range; changes the state. */
function trackPart(state: TrackerState, { rows }: Part, isLast: boolean): TrackPart {
  const outputs = rows.map((row) => trackFrame(state, row));
  if (isLast) outputs.push(finishTracker(state));
  const frames = outputs.flatMap((output) => output.frames);
  return { frames, ended: outputs.flatMap(({ ended }) => ended), state };
}

function expectPart({ event_id }: VideoPlan, range: number, part: Part | undefined): Part {
  if (part) return part;
  throw new AppError(
    'INCOMPLETE_RESULT',
    `Range ${range} of job ${event_id} has no detections. Run the job again with a new event.`,
    { event_id },
  );
}
