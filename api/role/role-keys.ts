import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type ApiKey, createApiKey, type Scope } from '../../domain/api-key.js';
import { AppError, messageOf } from '../../domain/errors.js';
import { SHA256 } from '../../domain/names.js';
import type { ApiKeyStore } from '../../domain/ports/document-store.js';

/** Scopes of all keys: cameras are not served. */
const SCOPES: readonly Scope[] = ['read', 'write', 'predict'];
const RATE_PER_MINUTE = 6000;

const storedSchema = z.object({
  hash: z.string().regex(SHA256),
  created_at: z.coerce.date(),
});

export interface RoleKeysOptions {
  /** SHA-256 of the keys that are accepted; undefined: one key is made. */
  readonly hashes: readonly string[] | undefined;
  /** File that keeps the hash of the key that was made. */
  readonly path: string;
  /** Called once with a key that was made. */
  readonly onCreated: (key: string) => void;
}

/**
 * Returns the keys of the role `images`: those of the settings, else the key whose hash is in the
 * file, else a new one, whose hash is written there.
 * @throws AppError `SETUP_FAILED` if the file cannot be read or written.
 */
export async function openRoleKeys(
  options: RoleKeysOptions,
): Promise<Pick<ApiKeyStore, 'find' | 'list'>> {
  const { hashes } = options;
  const stored = hashes
    ? hashes.map((hash, i) => keyOf(`key-${i + 1}`, hash, new Date()))
    : [(await readKey(options.path)) ?? (await createKey(options))];
  return {
    find: (hash) => Promise.resolve(stored.find((key) => key.hash === hash)),
    list: () => Promise.resolve([...stored]),
  };
}

function keyOf(name: string, hash: string, created_at: Date): ApiKey {
  const facts = { rate_per_minute: RATE_PER_MINUTE, created_at, revoked_at: null };
  return { key_id: hash.slice(0, 12), name, hash, scopes: SCOPES, ...facts };
}

/** Reads the key of an earlier start; undefined if there is none. */
async function readKey(path: string): Promise<ApiKey | undefined> {
  try {
    const { hash, created_at } = storedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return keyOf('images', hash, created_at);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failed(path, 'read', error);
  }
}

async function createKey({ path, onCreated }: RoleKeysOptions): Promise<ApiKey> {
  const given = { name: 'images', scopes: SCOPES, rate_per_minute: RATE_PER_MINUTE };
  const { key, stored } = createApiKey(given, new Date());
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const { hash, created_at } = stored;
    await writeFile(path, JSON.stringify({ hash, created_at }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw failed(path, 'written', error);
  }
  onCreated(key);
  return stored;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function failed(path: string, done: 'read' | 'written', cause: unknown): AppError {
  return new AppError(
    'SETUP_FAILED',
    `The hash of the API key cannot be ${done}: ${path}: ${messageOf(cause)}. Set VIDETTE_DATA_DIR to a folder that this process can write, or VIDETTE_API_KEYS to hashes of keys.`,
    {},
    { cause },
  );
}
