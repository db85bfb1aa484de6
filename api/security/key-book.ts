import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ApiKey, hashOfKey, looksLikeApiKey } from '../../domain/api-key.js';

const KEYS = 1000;

export type FindKey = (hash: string) => Promise<ApiKey | undefined>;
export type ListKeys = () => Promise<readonly ApiKey[]>;

/** Cache of keys, including unknown ones. */
export interface KeyBook {
  /** Whether the key has to be looked up in the store and was never found there. */
  isNew(key: string): boolean;
  /** Whether the store has the key, by a list of all that is at most `ttlMs` old. */
  isListed(key: string, list: ListKeys): Promise<boolean>;
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
  const listed = new LRUCache<'all', ReadonlySet<string>, ListKeys>({
    ...{ max: 1, ttl: ttlMs },
    fetchMethod: async (_all, _stale, { context: list }) =>
      new Set((await list()).map(({ hash }) => hash)),
  });
  /** Hashes of keys that were found; they are looked up again without being counted. */
  const found = new LRUCache<string, true>({ max: KEYS });
  return {
    isNew: (key) => {
      if (!looksLikeApiKey(key)) return false;
      const hash = hashOfKey(key);
      return !known.has(hash) && !found.has(hash);
    },
    isListed: async (text, list) => {
      if (!looksLikeApiKey(text)) return false;
      const hashes = await listed.fetch('all', { context: list });
      return hashes?.has(hashOfKey(text)) ?? false;
    },
    find: async (text, find) => {
      if (!looksLikeApiKey(text)) return undefined;
      const hash = hashOfKey(text);
      const key = (await known.fetch(hash, { context: find }))?.key;
      if (!key || key.revoked_at || !isSame(key.hash, hash)) {
        found.delete(hash);
        return undefined;
      }
      found.set(hash, true);
      return key;
    },
  };
}

/** Compares two texts in constant time. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}
