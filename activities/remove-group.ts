import pMap from 'p-map';
import type { ObjectGroup } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Beat } from './heartbeat.js';

/** Number of keys that are listed and then removed. */
const BATCH_KEYS = 1000;
const CONCURRENT_REMOVALS = 16;

/** Removes all objects of a group; resolves with their number. */
export async function removeGroup(
  objects: Pick<ObjectStore, 'list' | 'remove'>,
  group: ObjectGroup,
  { signal, report }: Beat,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await firstKeys(objects, group, signal);
    if (found.length === 0) return removed;
    await pMap(found, (key) => objects.remove(group.bucket, key, { signal }), {
      concurrency: CONCURRENT_REMOVALS,
    });
    removed += found.length;
    report({ ...group, removed });
  }
}

async function firstKeys(
  objects: Pick<ObjectStore, 'list'>,
  { bucket, prefix }: ObjectGroup,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for await (const key of objects.list(bucket, prefix, { signal })) {
    if (found.push(key) === BATCH_KEYS) break;
  }
  return found;
}
