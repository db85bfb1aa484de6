import { createHash } from 'node:crypto';
import { canonicalJson } from '../hash.js';
import type { DatasetItem } from './dataset-item.js';

/** Order of items: by the SHA-256 of their image, which each item has alone. */
function inFixedOrder(items: readonly DatasetItem[]): DatasetItem[] {
  return items.toSorted((a, b) => (a.picture.sha256 < b.picture.sha256 ? -1 : 1));
}

/** Hash of the content of a data set, from its items one after another. */
export interface ContentHash {
  add(item: DatasetItem): void;
  digest(): string;
}

/**
 * Creates a hash of items in their fixed order: of images, groups, parts, classes and boxes. The origin
 * of an item does not count: feedback that only repeats it makes no other data set.
 */
export function createContentHash(): ContentHash {
  const hash = createHash('sha256');
  return {
    add: ({ picture: { sha256 }, group, split, label, objects }) => {
      hash.update(`${canonicalJson({ sha256, group, split, label, objects })}\n`);
    },
    digest: () => hash.digest('hex'),
  };
}

/** Hash of the content of items in any order; see {@link createContentHash}. */
export function contentHashOf(items: readonly DatasetItem[]): string {
  const hash = createContentHash();
  for (const item of inFixedOrder(items)) hash.add(item);
  return hash.digest();
}

/** Encodes items as JSON lines, in their fixed order. */
export function encodeItems(items: readonly DatasetItem[]): string {
  return inFixedOrder(items)
    .map((item) => `${canonicalJson(item)}\n`)
    .join('');
}
