import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiKey, type Scope } from '../../domain/api-key.js';
import { type Asked, listen, type ListeningApi } from '../../test/support/listening-api.js';
import type { ApiServer } from '../http/api-server.js';

const make = (name: string, scopes: readonly Scope[], rate = 1000) =>
  createApiKey({ name, scopes, rate_per_minute: rate }, new Date());
const reader = make('reader', ['read']);
const writer = make('writer', ['write']);
const slow = make('slow', ['read'], 2);
const revoked = make('revoked', ['read']);
const KEYS = [
  ...[reader.stored, writer.stored, slow.stored],
  { ...revoked.stored, revoked_at: new Date() },
];
const KEYS_ON_LOOPBACK = { VIDETTE_API_AUTH: 'keys' };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let api: ListeningApi;
afterEach(() => api.server.close());

function addRoutes(server: ApiServer): void {
  server.get('/own/read', () => ({ done: true }));
  server.get('/own/stream', (_request, reply) => {
    const body = new PassThrough();
    body.write('first');
    return reply.send(body);
  });
  server.get('/own/render', { config: { startsWork: true } }, () => ({ done: true }));
  server.post('/own/write', { config: { scope: 'write' } }, () => ({ done: true }));
}

const start = async (variables = {}) => {
  api = await listen(variables, KEYS, addRoutes);
};

describe('keys', () => {
  it.each([
    ['none', '/own/read', {}, 401],
    ['another', '/own/read', bearer(make('x', ['read']).key), 401],
    ['a revoked one', '/own/read', bearer(revoked.key), 401],
    ['a text of another form', '/own/read', bearer('vidette_x'), 401],
    ['an operator', '/own/read', { 'x-api-key': '{"$ne":null}' }, 401],
    ['its own', '/own/read', bearer(reader.key), 200],
    ['its own in the other header', '/own/read', { 'x-api-key': reader.key }, 200],
    ['one in the address', `/own/read?key=${reader.key}&token=${reader.key}`, {}, 401],
    ['one without the right', '/own/read', bearer(writer.key), 403],
  ])('%s: %s', async (_, path, headers, status) => {
    await start(KEYS_ON_LOOPBACK);
    const answer = await api.ask(path, { headers });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    if (status !== 200) expect(answer.headers['content-type']).toMatch('application/problem+json');
  });

  it('need the right of the route', async () => {
    await start(KEYS_ON_LOOPBACK);
    const write = (key: string) =>
      api.ask('/own/write', { method: 'POST', headers: bearer(key) }).then(({ status }) => status);
    expect([await write(reader.key), await write(writer.key)]).toEqual([403, 200]);
  });

  it.each(['/livez', '/readyz', '/problems', '/openapi.json', '/docs', '/api/v1/session'])(
    'are not needed for %s',
    async (path) => {
      await start(KEYS_ON_LOOPBACK);
      expect([401, 403]).not.toContain((await api.ask(path)).status);
    },
  );

  it('are not needed on loopback', async () => {
    await start();
    expect((await api.ask('/own/read')).status).toBe(200);
  });
});

it('ends responses whose key is revoked, and no others', async () => {
  const [leaving, staying] = [make('leaving', ['read']), make('staying', ['read'])];
  const keys = [leaving.stored, { ...staying.stored }];
  const variables = { ...KEYS_ON_LOOPBACK, VIDETTE_TEST_TIMING: '{"cacheMs":50}' };
  api = await listen(variables, keys, addRoutes);
  const open = (key: string) => api.ask('/own/stream', { headers: bearer(key) });
  const [ended, running] = [open(leaving.key), open(staying.key)];
  const state = (answer: Promise<unknown>) =>
    Promise.race([answer.catch(() => 'cut off'), sleep(500, 'running')]);
  expect(await Promise.all([state(ended), state(running)])).toEqual(['running', 'running']);
  Object.assign(leaving.stored, { revoked_at: new Date() });
  expect(await Promise.all([state(ended), state(running)])).toEqual(['cut off', 'running']);
  api.server.server.closeAllConnections();
});

describe('a session', () => {
  const begin = (headers: Record<string, string>) =>
    api.ask('/api/v1/session', { method: 'POST', headers });

  it('keeps a key where scripts and other sites cannot get at it', async () => {
    await start(KEYS_ON_LOOPBACK);
    const { status, headers, body } = await begin(bearer(reader.key));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ auth: 'keys', name: 'reader', scopes: ['read'] });
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    const session = { cookie: cookie.split(';')[0] ?? '' };
    expect((await api.ask('/own/read', { headers: session })).status).toBe(200);
    const forget = await api.ask('/api/v1/session', { method: 'DELETE', headers: session });
    expect(forget.status).toBe(204);
    expect(forget.headers['set-cookie']?.[0]).toMatch(
      /^vidette_session=;.*Expires=Thu, 01 Jan 1970/,
    );
  });

  it('is refused for a text that is not a key', async () => {
    await start(KEYS_ON_LOOPBACK);
    const { status, headers } = await begin(bearer(revoked.key));
    expect([status, headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('is kept from plain HTTP where TLS is in front', async () => {
    await start(KEYS_ON_LOOPBACK);
    const { headers } = await begin({ ...bearer(reader.key), 'x-forwarded-proto': 'https' });
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure/);
  });
});

describe('pages of other sites', () => {
  const post = (headers: Record<string, string>): Asked => ({ method: 'POST', headers });
  const cookie = { cookie: `vidette_session=${writer.key}` };

  it.each([
    [
      'a form of another site',
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      403,
    ],
    [
      'another port of this host',
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' },
      403,
    ],
    ['an old browser', { origin: 'https://evil.example' }, 403],
    ['a page in a sandbox', { origin: 'null' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['no browser', {}, 200],
    [
      'a site that is let in',
      { 'sec-fetch-site': 'cross-site', origin: 'https://ok.example' },
      200,
    ],
  ])('%s: %j', async (_, headers, status) => {
    for (const variables of [{}, KEYS_ON_LOOPBACK]) {
      await start({ ...variables, VIDETTE_CORS_ORIGINS: 'https://ok.example/' });
      const sent: Record<string, string> = { ...cookie, ...headers };
      expect((await api.ask('/own/write', post(sent))).status).toBe(status);
      const session = { ...sent, cookie: `vidette_session=${reader.key}` };
      expect((await api.ask('/own/render', { headers: session })).status).toBe(status);
      expect((await api.ask('/own/read', { headers: session })).status).toBe(200);
      await api.server.close();
    }
  });

  it.each([
    ['evil.example', 421],
    ['evil.example:8080', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost:8080', 200],
    ['[::1]:8080', 200],
    ['VIDETTE.example', 200],
  ])('that take the address of loopback under their name: %s', async (host, status) => {
    await start({ VIDETTE_API_HOSTS: 'vidette.example' });
    const answer = await api.ask('/own/read', { headers: { host } });
    expect(answer.status).toBe(status);
  });

  it('read nothing, unless they are let in', async () => {
    await start({ VIDETTE_CORS_ORIGINS: 'https://ok.example' });
    const allowed = async (origin: string) =>
      (await api.ask('/own/read', { headers: { origin } })).headers['access-control-allow-origin'];
    expect(await allowed('https://ok.example')).toBe('https://ok.example');
    expect(await allowed('https://evil.example')).toBeUndefined();
    await api.server.close();
    await start();
    expect(await allowed('https://ok.example')).toBeUndefined();
  });
});

it('forbids browsers to load content of other origins', async () => {
  await start();
  for (const path of ['/livez', '/own/nothing', '/docs']) {
    const { headers } = await api.ask(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  }
});

describe('rates', () => {
  it('are counted by key', async () => {
    await start(KEYS_ON_LOOPBACK);
    const ask = (key: string) => api.ask('/own/read', { headers: bearer(key) });
    expect([(await ask(slow.key)).status, (await ask(slow.key)).status]).toEqual([200, 200]);
    const { status, headers, body } = await ask(slow.key);
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '0' });
    expect((await ask(reader.key)).status).toBe(200);
  });

  it('are counted by address without a key, also where nothing is', async () => {
    await start({ ...KEYS_ON_LOOPBACK, VIDETTE_API_RATE: '2' });
    const statuses = [];
    for (const path of ['/own/read', '/own/nothing', '/own/nothing', '/openapi.json']) {
      statuses.push((await api.ask(path)).status);
    }
    expect(statuses).toEqual([401, 404, 429, 429]);
    expect((await api.ask('/livez')).status).toBe(200);
    expect((await api.ask('/own/read', { headers: bearer(reader.key) })).status).toBe(200);
  });

  it('stop those who try keys, without a look at the store', async () => {
    await start({ ...KEYS_ON_LOOPBACK, VIDETTE_API_RATE: '3' });
    const known = () => api.ask('/own/read', { headers: bearer(reader.key) });
    expect((await known()).status).toBe(200);
    const tries = [];
    for (let count = 0; count < 4; count++) {
      tries.push(await api.ask('/own/read', { headers: bearer(make('x', ['read']).key) }));
    }
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 429, 429]);
    expect((await known()).status).toBe(200);
    const first = await api.ask('/own/read', { headers: bearer(slow.key) });
    expect(first.status).toBe(200);
  });

  it('are not counted on loopback without keys', async () => {
    await start({ VIDETTE_API_RATE: '1' });
    const answers = await Promise.all([1, 2, 3].map(() => api.ask('/own/read')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

it('logs each request once, and never its address', async () => {
  await start(KEYS_ON_LOOPBACK);
  const headers = { ...bearer(reader.key), 'x-request-id': 'mine' };
  await api.ask('/own/read?token=hush', { headers });
  await api.ask('/own/nothing?token=hush');
  const lines = () => api.log().filter(({ msg }) => msg === 'request');
  await expect.poll(lines).toHaveLength(2);
  const of = { method: 'GET', ms: expect.any(Number) as number };
  expect(lines()[0]).toMatchObject({
    ...of,
    ...{ request_id: 'mine', route: '/own/read', status: 200, key: 'reader' },
  });
  expect(lines()[1]).toMatchObject({ ...of, route: null, status: 404, key: null });
  const all = JSON.stringify(api.log());
  expect(all).not.toContain('hush');
  expect(all).not.toContain(reader.key);
});
