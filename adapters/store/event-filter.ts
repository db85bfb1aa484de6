import type { Filter } from 'mongodb';
import type { EventDocument } from '../../domain/job/event.js';
import type { EventQuery } from '../../domain/ports/document-store.js';

type StoredEvent = EventDocument & { _id: string };

/** Returns the filter of a page of events that is sorted by `created_at` and `_id`, descending. */
export function eventFilter({
  status,
  text,
  after,
}: Omit<EventQuery, 'limit'>): Filter<StoredEvent> {
  const conditions: Filter<StoredEvent>[] = [];
  if (status) conditions.push({ status: { $eq: status } });
  if (text) conditions.push(containsText(text));
  if (after) {
    const { created_at, event_id } = after;
    conditions.push({
      $or: [{ created_at: { $lt: created_at } }, { created_at, _id: { $lt: event_id } }],
    });
    // Implied by the above, but servers use it as the bound of an index scan.
    conditions.push({ created_at: { $lte: created_at } });
  }
  return conditions.length > 0 ? { $and: conditions } : {};
}

function containsText(text: string): Filter<StoredEvent> {
  const pattern = { $regex: escapeRegex(text), $options: 'i' };
  return { $or: [{ event_id: pattern }, { video_id: pattern }] };
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
