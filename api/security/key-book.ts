import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { DeadlineError, withDeadline } from '../../adapters/deadline.js';
import { type ApiKey, hashOfKey, looksLikeApiKey } from '../../domain/api-key.js';
import { hasCode } from '../../domain/errors.js';

const KEYS = 1000;
/** Time for which a key stays valid while its store does not answer, in milliseconds. */
const KEEP_MS = 3600 * 1000;
/** Maximum time that a request with such a key waits for the store, in milliseconds. */
const PATIENCE_MS = 2000;

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
  /** Whether the store did not answer when it was last asked. */
  readonly isOld?: boolean;
}

/** A valid key, and when the store last had it. */
interface ValidKey {
  readonly key: ApiKey;
  readonly timeMs: number;
}

/**
 * Caches keys, so that not every request reads the store. While it does not answer, keys that were
 * valid within the last hour stay valid.
 * @param ttlMs Maximum time for which a revoked key keeps working, in milliseconds.
 */
export function createKeyBook(ttlMs: number): KeyBook {
  /** Keys that were found, by hash; they are looked up again without being counted. */
  const found = new LRUCache<string, ValidKey>({ max: KEYS });
  const known = new LRUCache<string, Found, FindKey>({
    ...{ max: KEYS, ttl: ttlMs },
    fetchMethod: async (hash, _stale, { context: find }) => {
      const valid = found.get(hash);
      if (!valid) return { key: await find(hash) };
      try {
        return { key: await withDeadline(find(hash), PATIENCE_MS) };
      } catch (error) {
        const isLate = error instanceof DeadlineError || hasCode(error, 'SERVER_UNAVAILABLE');
        if (!isLate || Date.now() - valid.timeMs > KEEP_MS) throw error;
        return { key: valid.key, isOld: true };
      }
    },
  });
  const listed = new LRUCache<'all', ReadonlySet<string>, ListKeys>({
    ...{ max: 1, ttl: ttlMs },
    fetchMethod: async (_all, _stale, { context: list }) =>
      new Set((await list()).map(({ hash }) => hash)),
  });
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
      const { key, isOld } = (await known.fetch(hash, { context: find })) ?? {};
      if (!key || key.revoked_at || !isSame(key.hash, hash)) {
        found.delete(hash);
        return undefined;
      }
      if (!isOld) found.set(hash, { key, timeMs: Date.now() });
      return key;
    },
  };
}

/** Compares two texts in constant time. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}
