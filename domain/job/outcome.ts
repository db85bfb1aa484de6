import type { EventDocument } from './event.js';
import { BUCKETS, keys } from '../names.js';
import type { JobOutcome } from './activity-contracts.js';

/** Outcome of a closed job from its event document. */
export function outcomeOfEvent(event: EventDocument): JobOutcome {
  return {
    event_id: event.event_id,
    video_id: event.video_id,
    status: event.status,
    frames: event.frames_done,
    skipped: event.skipped ?? 0,
    objects: event.objects ?? 0,
    device: { asked: event.device, used: event.device_used },
    model: event.model,
    result: event.result ?? { bucket: BUCKETS.results, key: keys.result(event.event_id) },
  };
}
