import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createApiKey, type Scope } from '../../domain/api-key.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { KEPT_IMAGES } from './paths.js';

const DATA = 'bytes of a PNG';
const HASH = sha256(DATA);

let api: ListeningApi;
let objects: ReturnType<typeof createMemoryObjectStore>;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.pictures);
  await objects.put(BUCKETS.pictures, keys.image(HASH), DATA, { contentType: 'image/png' });
});
afterEach(() => api.server.close());

const start = async (...options: Partial<Parameters<typeof listen>>) => {
  const [variables = {}, stored = []] = options;
  api = await listen(variables, stored, undefined, undefined, { objects });
};

describe('GET /api/v1/pictures/{sha256}', () => {
  it('sends the file with its type, and lets callers keep it', async () => {
    await start();
    const answer = await api.ask(`${KEPT_IMAGES}/${HASH}`);
    expect(answer).toMatchObject({ status: 200, body: DATA });
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      etag: `"${HASH}"`,
    });
    const headers = { 'if-none-match': `"${HASH}"` };
    expect(await api.ask(`${KEPT_IMAGES}/${HASH}`, { headers })).toMatchObject({ status: 304 });
  });

  it('rejects an image that is not stored, and a text that is not a hash', async () => {
    await start();
    const other = await api.ask(`${KEPT_IMAGES}/${sha256('other')}`);
    expect(other).toMatchObject({ status: 404 });
    expect(other.body).toContain('VIDETTE_KEEP_PICTURES_DAYS');
    expect((await api.ask(`${KEPT_IMAGES}/..%2Fmodels`)).status).toBe(400);
  });

  it.each<[Scope, number]>([
    ['predict', 403],
    ['read', 200],
  ])('answers a key with the scope %s with %d', async (scope, status) => {
    const created = { name: 'test', scopes: [scope], rate_per_minute: 1000 };
    const { key, stored } = createApiKey(created, new Date());
    await start({ VIDETTE_API_AUTH: 'keys' }, [stored]);
    const headers = { authorization: `Bearer ${key}` };
    expect((await api.ask(`${KEPT_IMAGES}/${HASH}`, { headers })).status).toBe(status);
  });
});
