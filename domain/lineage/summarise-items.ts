import type { DatasetItem } from '../dataset/dataset-item.js';
import type { DatasetOrigin, DatasetRef } from './lineage.js';

/** Summarises what the items of a version of a data set were made from. */
export async function summariseItems(
  dataset: DatasetRef,
  items: AsyncIterable<Pick<DatasetItem, 'source' | 'by'>>,
): Promise<DatasetOrigin> {
  const people = new Map<string | null, number>();
  const jobs = new Map<string, number>();
  const counts = { images: 0, predictions: 0, imports: 0 };
  for await (const { source, by } of items) {
    counts.images++;
    addOne(people, by);
    if ('event_id' in source) addOne(jobs, source.event_id);
    else if ('import' in source) counts.imports++;
    else counts.predictions++;
  }
  return {
    ...dataset,
    ...counts,
    people: sortByCount(people).map(([by, images]) => ({ by, images })),
    jobs: sortByCount(jobs).map(([event_id, frames]) => ({ event_id, frames })),
  };
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sortByCount<Key>(counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}
