import type { Collection } from 'mongodb';
import { FRAME_FEEDBACK } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { FrameFeedbackStore } from '../../domain/ports/frame-feedback-store.js';
import type { FrameFeedback, FrameFeedbackPosition } from '../../domain/result/frame-feedback.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredFrameFeedback = FrameFeedback & { readonly _id: string };

/** Feedback on frames in MongoDB: a document per frame and person. */
export function createFrameFeedback(
  feedback: Collection<StoredFrameFeedback>,
  run: RunQuery,
): FrameFeedbackStore {
  return {
    put: async (given) => {
      const filter = { _id: keyOf(given.event_id, given) };
      const replace = () => feedback.replaceOne(filter, given, { upsert: true });
      await run(FRAME_FEEDBACK, replace);
    },
    list: async ({ eventId, limit, after }) => {
      const filter = {
        event_id: expectId('an event_id', eventId),
        ...(after && { $or: conditionsAfter(eventId, after) }),
      };
      const options = { limit, sort: { frame_id: 1, _id: 1 } } as const;
      const found = await run(FRAME_FEEDBACK, () => feedback.find(filter, options).toArray());
      return found.map(withoutId);
    },
    listAll: async ({ limit, after }) => {
      const filter = after ? { _id: { $gt: keyOf(after.event_id, after) } } : {};
      const options = { limit, sort: { _id: 1 } } as const;
      const found = await run(FRAME_FEEDBACK, () => feedback.find(filter, options).toArray());
      return found.map(withoutId);
    },
  };
}

function withoutId({ _id, ...given }: StoredFrameFeedback): FrameFeedback {
  return given;
}

function keyOf(eventId: string, { frame_id, by }: FrameFeedbackPosition): string {
  return `${expectId('an event_id', eventId)}/${frame_id}/${by ?? ''}`;
}

function conditionsAfter(eventId: string, after: FrameFeedbackPosition) {
  const { frame_id } = after;
  return [{ frame_id: { $gt: frame_id } }, { frame_id, _id: { $gt: keyOf(eventId, after) } }];
}
