import type { FrameFeedbackStore } from '../../domain/ports/frame-feedback-store.js';
import type { FrameFeedback, FrameFeedbackPosition } from '../../domain/result/frame-feedback.js';

/** Feedback on frames in memory; passes the contract of `test/contracts/frame-feedback.ts`. */
export function createMemoryFrameFeedback(
  stored = new Map<string, FrameFeedback>(),
): FrameFeedbackStore {
  return {
    put: async (given) => {
      await Promise.resolve();
      stored.set(keyOf(given), given);
    },
    list: async ({ eventId, limit, after }) => {
      await Promise.resolve();
      return [...stored.values()]
        .filter(({ event_id }) => event_id === eventId)
        .sort(comparePlaces)
        .filter((given) => !after || comparePlaces(given, after) > 0)
        .slice(0, limit);
    },
    listAll: async ({ limit, after }) => {
      await Promise.resolve();
      return [...stored]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .filter(([key]) => !after || key > keyOf(after))
        .map(([, given]) => given)
        .slice(0, limit);
    },
  };
}

function keyOf({ event_id, frame_id, by }: FrameFeedback): string {
  return `${event_id}/${frame_id}/${by ?? ''}`;
}

function comparePlaces(a: FrameFeedbackPosition, b: FrameFeedbackPosition): number {
  const people = (a.by ?? '') < (b.by ?? '') ? -1 : Number((a.by ?? '') > (b.by ?? ''));
  return a.frame_id - b.frame_id || people;
}
