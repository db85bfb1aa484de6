import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ApiKey, hashOfKey, looksLikeApiKey } from '../../domain/api-key.js';

const KEYS = 1000;

export type FindKey = (hash: string) => Promise<ApiKey | undefined>;

/** Cache of keys, including unknown ones. */
export interface KeyBook {
  /** Whether the key has to be looked up in the store. */
  isNew(key: string): boolean;
  /** Returns the key; undefined if it is unknown or revoked. */
  find(key: string, find: FindKey): Promise<ApiKey | undefined>;
}

interface Found {
  readonly key: ApiKey | undefined;
}

/**
 * Caches keys, so that not every request reads the store.
 * @param ttlMs Maximum time for which a revoked key keeps working, in milliseconds.
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

/** Compares two texts in constant time. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}
