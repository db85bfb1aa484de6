import pMap from 'p-map';
import type { ObjectGroup } from '../domain/names.js';
import type { VidetteClientDeps } from './deps.js';

const CONCURRENCY = 16;

/** Removes all objects of a group; returns their number. */
export async function removeObjects(
  { objects }: Pick<VidetteClientDeps, 'objects'>,
  { bucket, prefix }: ObjectGroup,
): Promise<number> {
  let removed = 0;
  const remove = async (key: string) => {
    await objects.remove(bucket, key);
    removed += 1;
  };
  await pMap(objects.list(bucket, prefix), remove, { concurrency: CONCURRENCY });
  return removed;
}
