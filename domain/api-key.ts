import { createHash, randomBytes } from 'node:crypto';

/** Scopes of an API key: read, change stored data, run models on images, connect to other cameras. */
export const SCOPES = ['read', 'write', 'predict', 'cameras'] as const;
export type Scope = (typeof SCOPES)[number];

const PREFIX = 'vidette_';
const KEY_BYTES = 32;
const KEY = /^vidette_[A-Za-z0-9_-]{43}$/;
const ID_BYTES = 6;

/** Stored API key: only its hash, so that the key cannot be recovered. */
export interface ApiKey {
  readonly key_id: string;
  readonly name: string;
  /** SHA-256 of the key, in lower-case hex. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** Requests per minute. */
  readonly rate_per_minute: number;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** Creates a key and its stored form; the key itself is not stored anywhere. */
export function createApiKey(
  given: Pick<ApiKey, 'name' | 'scopes' | 'rate_per_minute'>,
  createdAt: Date,
): { readonly key: string; readonly stored: ApiKey } {
  const key = `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
  const keyId = randomBytes(ID_BYTES).toString('hex');
  const fields = { key_id: keyId, hash: hashOfKey(key), created_at: createdAt, revoked_at: null };
  return { key, stored: { ...given, ...fields } };
}

/** Whether a text has the form of a key. */
export function looksLikeApiKey(text: string): boolean {
  return KEY.test(text);
}

/** SHA-256 in lower-case hex; a key has 256 random bits, so a slow hash would add nothing. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
