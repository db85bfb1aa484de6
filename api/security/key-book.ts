import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ApiKey, hashOfKey, looksLikeApiKey } from '../../domain/api-key.js';

const KEYS = 1000;

export type FindKey = (hash: string) => Promise<ApiKey | undefined>;

/** Known keys, and texts known to be none. */
export interface KeyBook {
  /** Whether it has to be looked for in the store. */
  isNew(key: string): boolean;
  /** The key that is in use; undefined for what is none, or was revoked. */
  find(key: string, find: FindKey): Promise<ApiKey | undefined>;
}

interface Found {
  readonly key: ApiKey | undefined;
}

/**
 * Remembers which keys there are, so that not every request asks the store.
 * @param ttlMs Time in milliseconds for which a revoked key still works at most.
 */
export function createKeyBook(ttlMs: number): KeyBook {
  const known = new LRUCache<string, Found, FindKey>({
    ...{ max: KEYS, ttl: ttlMs },
    fetchMethod: async (hash, _stale, { context: find }) => ({ key: await find(hash) }),
  });
  return {
    isNew: (key) => looksLikeApiKey(key) && !known.has(hashOfKey(key)),
    find: async (key, find) => {
      if (!looksLikeApiKey(key)) return undefined;
      const hash = hashOfKey(key);
      const found = (await known.fetch(hash, { context: find }))?.key;
      return found && !found.revoked_at && isSame(found.hash, hash) ? found : undefined;
    },
  };
}

/** Compares in a time that does not depend on where two texts differ. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}
