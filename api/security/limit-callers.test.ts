import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../../domain/api-key.js';
import { type Answer, listen, type ListeningApi } from '../../test/support/listening-api.js';
import type { ApiServer } from '../http/api-server.js';
import { LIMITS } from '../server.js';

const make = (name: string) =>
  createApiKey({ name, scopes: ['read', 'write'], rate_per_minute: 1000 }, new Date());
const [one, other] = [make('one'), make('other')];
const KEYS = [one.stored, other.stored];
const KIB = 1024;

let api: ListeningApi;
/** Ends the requests that wait. */
let end: () => void;
afterEach(async () => {
  end();
  await api.server.close();
});

async function start(variables: Record<string, string>, bodiesBytes = LIMITS.bodiesBytes) {
  const ended = new Promise<void>((resolve) => (end = resolve));
  const addRoutes = (server: ApiServer) => {
    server.get('/own/wait', () => ended.then(() => ({})));
    server.post('/own/json', { bodyLimit: 8 * KIB }, () => ended.then(() => ({})));
  };
  api = await listen(variables, KEYS, addRoutes, { ...LIMITS, bodiesBytes });
}

const WITH_KEYS = { VIDETTE_API_AUTH: 'keys', VIDETTE_API_CONNECTIONS: '6' };
const wait = (key?: string) =>
  api.ask('/own/wait', { headers: key === undefined ? {} : { 'x-api-key': key } });
const post = (key: string, bytes: number, headers: Record<string, string> = {}) =>
  api.ask('/own/json', {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify('x'.repeat(bytes - 2)),
  });

/** Status of a request that is answered at once; undefined if it is in progress. */
async function statusOf(asked: Promise<Answer>): Promise<number | undefined> {
  return Promise.race([asked.then(({ status }) => status), sleep(300).then(() => undefined)]);
}

describe('requests in progress', () => {
  it('of one key are limited to half of the connections', async () => {
    await start(WITH_KEYS);
    const running = [wait(one.key), wait(one.key), wait(one.key)];
    await sleep(200);
    const { status, body, headers } = await wait(one.key);
    expect(headers['retry-after']).toBe('5');
    expect([status, body]).toEqual([429, expect.stringContaining('limit of 3 requests at a time')]);
    expect(await statusOf(wait(other.key))).toBeUndefined();
    end();
    for (const { status } of await Promise.all(running)) expect(status).toBe(200);
    expect((await wait(one.key)).status).toBe(200);
  });

  it('are not limited without keys', async () => {
    await start({ VIDETTE_API_CONNECTIONS: '6' });
    const running = [1, 2, 3, 4, 5].map(() => statusOf(wait()));
    expect(await Promise.all(running)).toEqual(running.map(() => undefined));
  });
});

describe('bodies in memory', () => {
  it('of one key are limited to half of all, until their requests have ended', async () => {
    await start(WITH_KEYS, 8 * KIB);
    const first = post(one.key, 3 * KIB);
    expect(await statusOf(first)).toBeUndefined();
    expect(await statusOf(post(one.key, 2 * KIB))).toBe(429);
    expect(await statusOf(post(other.key, 4 * KIB))).toBeUndefined();
    end();
    expect((await first).status).toBe(200);
    expect((await post(one.key, 2 * KIB)).status).toBe(200);
  });

  it('are limited in total, also without keys', async () => {
    await start({}, 8 * KIB);
    expect(await statusOf(post(one.key, 6 * KIB))).toBeUndefined();
    expect(await statusOf(post(other.key, 3 * KIB))).toBe(429);
    expect(await statusOf(wait())).toBeUndefined();
  });

  it('count with what has arrived of them if their length is unknown', async () => {
    await start({}, 8 * KIB);
    const chunked = { 'transfer-encoding': 'chunked' };
    const small = Array.from({ length: 20 }, () => post(one.key, 100, chunked));
    expect(await Promise.all(small.map(statusOf))).toEqual(small.map(() => undefined));
    expect(await statusOf(post(one.key, 4 * KIB, chunked))).toBeUndefined();
    expect(await statusOf(post(one.key, 4 * KIB, chunked))).toBe(429);
    expect(await statusOf(post(one.key, KIB))).toBeUndefined();
    end();
    for (const { status } of await Promise.all(small)) expect(status).toBe(200);
  });
});
