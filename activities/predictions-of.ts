import type { PredictionDocument } from '../domain/job/event.js';
import { BUCKETS, predictionId } from '../domain/names.js';
import type { Part } from '../domain/result/part.js';

/** Returns the documents of the frames of a part. */
export function predictionsOf(eventId: string, { rows }: Pick<Part, 'rows'>): PredictionDocument[] {
  return rows.map(({ frame, same_as, objects }) => ({
    _id: predictionId(eventId, frame),
    event_id: eventId,
    frame_id: frame,
    bucket: BUCKETS.frames,
    prediction: { frame, ...(same_as !== undefined && { same_as }), objects },
  }));
}
