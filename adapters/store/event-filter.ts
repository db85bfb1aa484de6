import type { Filter } from 'mongodb';
import type { EventDocument } from '../../domain/job/event.js';
import { isClosed, JOB_STATUSES } from '../../domain/job/job-status.js';
import type { ClosedQuery, EventQuery } from '../../domain/ports/document-store.js';

type StoredEvent = EventDocument & { _id: string };

/** Returns the filter of a page of events that is sorted by `created_at` and `_id`, descending. */
export function eventFilter({
  after,
  ...selection
}: Omit<EventQuery, 'limit'>): Filter<StoredEvent> {
  const conditions = selectionConditions(selection);
  if (after) conditions.push(...conditionsAfter<StoredEvent>(after.created_at, after.event_id));
  return conditions.length > 0 ? { $and: conditions } : {};
}

/** Returns the filter of jobs that ended before a time. */
export function closedFilter({
  before,
  after,
  isIndexed,
}: Omit<ClosedQuery, 'limit'>): Filter<StoredEvent> {
  return {
    status: { $in: JOB_STATUSES.filter(isClosed) },
    closed_at: { $lt: before },
    ...(after !== undefined && { _id: { $gt: after } }),
    ...(isIndexed === false && { indexed: { $exists: false } }),
  };
}

/**
 * Returns the conditions of documents after a place in a list that is sorted by `created_at` and `_id`,
 * descending.
 */
export function conditionsAfter<T extends { _id: string; created_at: Date }>(
  created_at: Date,
  id: string,
): Filter<T>[] {
  return [
    { $or: [{ created_at: { $lt: created_at } }, { created_at, _id: { $lt: id } }] },
    // Implied by the above, but servers use it as the bound of an index scan.
    { created_at: { $lte: created_at } },
  ] as Filter<T>[]; // the driver does not resolve the fields of a type parameter
}

function selectionConditions({
  status,
  text,
  video,
  model,
  className,
  eventIds,
  since,
}: Omit<EventQuery, 'limit' | 'after'>): Filter<StoredEvent>[] {
  const conditions: Filter<StoredEvent>[] = [];
  if (status) conditions.push({ status: { $eq: status } });
  if (text) conditions.push(containsText(text));
  if (video) conditions.push(containsVideo(video));
  if (model) conditions.push({ 'model.name': { $eq: model.name } });
  if (model?.version !== undefined) conditions.push({ 'model.version': { $eq: model.version } });
  if (className !== undefined) conditions.push({ classes: { $eq: className } });
  if (eventIds) conditions.push({ _id: { $in: [...eventIds] } });
  if (since) conditions.push({ created_at: { $gte: since } });
  return conditions;
}

function containsText(text: string): Filter<StoredEvent> {
  return { $or: [{ event_id: containing(text) }, containsVideo(text)] };
}

function containsVideo(text: string): Filter<StoredEvent> {
  return { $or: [{ video_id: containing(text) }, { video_name: containing(text) }] };
}

function containing(text: string) {
  return { $regex: escapeRegex(text), $options: 'i' };
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
