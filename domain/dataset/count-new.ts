import { canonicalJson } from '../hash.js';
import type { DatasetItem } from './dataset-item.js';

/**
 * Counts the items of a data set whose image is not in another one, or has another class or other
 * objects there.
 */
export async function countNew(
  items: AsyncIterable<DatasetItem>,
  before: AsyncIterable<DatasetItem>,
): Promise<number> {
  const known = new Map<string, string>();
  for await (const item of before) known.set(item.picture.sha256, contentOf(item));
  let count = 0;
  for await (const item of items) {
    if (known.get(item.picture.sha256) !== contentOf(item)) count++;
  }
  return count;
}

function contentOf({ label, objects }: DatasetItem): string {
  return canonicalJson({ label, objects });
}
