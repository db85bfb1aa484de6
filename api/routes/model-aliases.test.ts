import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { createModels } from '../../client/model-aliases.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { storedModels } from '../../test/support/stored-models.js';

let api: ListeningApi;
beforeAll(async () => {
  const { registry } = await storedModels(4);
  const client = { models: createModels({ models: registry }) } as VidetteClient; // all that is used
  api = await listen({}, [], undefined, undefined, { client });
});
afterAll(() => api.server.close());

async function send(method: string, path: string, body?: object) {
  const headers = { 'content-type': 'application/json' };
  const text = body && JSON.stringify(body);
  const answer = await api.ask(`/api/v1/models/${path}`, {
    ...{ method },
    ...(text !== undefined && { headers, body: text }),
  });
  return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
}

// Each test continues from the state that the previous one left.
it('sets an alias', async () => {
  const set = await send('PUT', 'fish/aliases/champion', { version: 2, reason: 'first' });
  expect(set).toMatchObject({
    status: 200,
    body: { name: 'fish', alias: 'champion', version: 2, action: 'set', reason: 'first' },
  });
  expect(set.body.by).toMatch(/^address 127\.0\.0\.1$/);
});

it('promotes a version, and rolls it back once', async () => {
  const promoted = await send('POST', 'fish/promote', { version: 3 });
  expect(promoted).toMatchObject({ status: 200, body: { version: 3, reason: null } });
  const first = await send('POST', 'fish/rollback', { from: 3 });
  expect(first).toMatchObject({ status: 200, body: { version: 2, action: 'rollback' } });
  expect(await send('POST', 'fish/rollback', { from: 3 })).toEqual(first);
});

it('lists aliases and history', async () => {
  const { body } = await send('GET', 'fish/aliases');
  expect(body.aliases).toMatchObject([
    { alias: 'champion', version: 2 },
    { alias: 'previous', version: 3 },
  ]);
  const page = await send('GET', 'fish/history?limit=2');
  expect(page.body.changes).toMatchObject([{ action: 'rollback' }, { action: 'promote' }]);
  const rest = await send('GET', `fish/history?cursor=${page.body.next as string}`);
  expect(rest.body).toMatchObject({ changes: [{ action: 'set' }], next: null });
});

it.each([
  ['PUT', 'fish/aliases/v3', { version: 3 }, 400, 'invalid-input'],
  ['PUT', 'fish/aliases/a.b', { version: 3 }, 400, 'invalid-request'],
  ['PUT', 'fish/aliases/night', { version: 3, by: 'me' }, 400, 'invalid-request'],
  ['PUT', 'fish/aliases/night', { version: 3, reason: '' }, 400, 'invalid-request'],
  ['POST', 'fish/promote', {}, 400, 'invalid-request'],
  ['POST', 'fish/promote', { version: 9 }, 404, 'model-not-found'],
  ['POST', 'fish/rollback', { from: 4 }, 409, 'alias-changed'],
  ['GET', 'bird/aliases', undefined, 404, 'model-not-found'],
  ['GET', 'fish/history?cursor=x', undefined, 400, 'invalid-request'],
])('rejects %s %s %j', async (method, path, body, status, kind) => {
  expect(await send(method, path, body)).toMatchObject({
    status,
    body: { type: `/problems/${kind}` },
  });
});
