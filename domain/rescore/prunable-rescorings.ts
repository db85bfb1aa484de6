import { BUCKETS, rescoreIdOfKey, RESCORINGS_PREFIX } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import { findRescore } from './find-rescore.js';

/** Yields the ids of the rescorings that were started before a time, also of those that run. */
export async function* findRescoringsBefore(
  objects: Pick<ObjectStore, 'list' | 'find'>,
  before: Date,
): AsyncGenerator<string, void> {
  for await (const id of listRescoreIds(objects)) {
    const found = await findRescore(objects, id);
    if (found && new Date(found.created_at) < before) yield id;
  }
}

/** Yields the ids of all rescorings. */
export async function* listRescoreIds(
  objects: Pick<ObjectStore, 'list'>,
): AsyncGenerator<string, void> {
  for await (const key of objects.list(BUCKETS.results, RESCORINGS_PREFIX)) {
    const id = rescoreIdOfKey(key);
    if (id !== undefined) yield id;
  }
}
