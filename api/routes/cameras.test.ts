import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import type { VidetteClient } from '../../client/index.js';
import { createCameraList } from '../../client/streams/cameras.js';
import { createApiKey, type Scope } from '../../domain/api-key.js';
import { createCameraKey } from '../../domain/stream/camera-seal.js';
import { CAMERAS } from './paths.js';

const SECRET = 'planted-secret';
const CAMERA = { camera_id: 'gate', url: `rtsp://viewer:${SECRET}@127.0.0.1/live` };

const keyOf = (...scopes: Scope[]) =>
  createApiKey({ name: scopes.join('-'), scopes, rate_per_minute: 1000 }, new Date());
const reader = keyOf('read', 'write');
const owner = keyOf('read', 'cameras');

let api: ListeningApi;
beforeEach(async () => {
  const documents = createMemoryDocumentStore();
  const cameras = createCameraList({ documents, cameraKey: createCameraKey() });
  const client = { cameras } as unknown as VidetteClient;
  const keys = [reader.stored, owner.stored];
  api = await listen({ VIDETTE_API_AUTH: 'keys' }, keys, undefined, undefined, { client });
});
afterEach(() => api.server.close());

function ask(method: string, path: string, key: string, body?: unknown) {
  const authorization = `Bearer ${key}`;
  const sent = body !== undefined && {
    body: JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json' },
  };
  return api.ask(`${CAMERAS}${path}`, { method, headers: { authorization }, ...sent });
}

describe('the routes of cameras', () => {
  it('add, list and remove a camera without showing its URL', async () => {
    const added = await ask('POST', '', owner.key, CAMERA);
    expect(added.status).toBe(201);
    const listed = await ask('GET', '', reader.key);
    expect(JSON.parse(listed.body)).toMatchObject({ cameras: [{ camera_id: 'gate' }] });
    expect(added.body + listed.body + JSON.stringify(api.log())).not.toContain(SECRET);
    expect((await ask('DELETE', '/gate', owner.key)).status).toBe(204);
    expect((await ask('DELETE', '/gate', owner.key)).status).toBe(404);
  });

  it.each([
    ['POST', '', CAMERA],
    ['DELETE', '/gate', undefined],
    ['POST', '/test', { url: CAMERA.url }],
  ])('need the scope cameras: %s %s', async (method, path, body) => {
    expect((await ask(method, path, reader.key, body)).status).toBe(403);
  });

  it.each([
    ['a URL of another protocol', { ...CAMERA, url: `ftp://viewer:${SECRET}@127.0.0.1/` }],
    ['an id with a separator', { ...CAMERA, camera_id: 'a/b' }],
    ['an unknown field', { ...CAMERA, pass: SECRET }],
  ])('reject %s without the secret', async (_, body) => {
    const { status, body: text } = await ask('POST', '', owner.key, body);
    expect(status).toBe(400);
    expect(text).not.toContain(SECRET);
  });

  it('refuse to test an address that is not allowed', async () => {
    const denied = await ask('POST', '/test', owner.key, { url: CAMERA.url });
    expect(denied.status).toBe(400);
    expect(denied.body).toContain('VIDETTE_CAMERA_NETWORKS');
    expect(denied.body).not.toContain(SECRET);
  });

  it('test either a URL or a camera', async () => {
    expect((await ask('POST', '/test', owner.key, {})).status).toBe(400);
    const both = { camera_id: 'gate', url: CAMERA.url };
    expect((await ask('POST', '/test', owner.key, both)).status).toBe(400);
    expect((await ask('POST', '/test', owner.key, { camera_id: 'gate' })).status).toBe(404);
  });
});
