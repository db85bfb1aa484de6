import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createObjectStore } from './minio-object-store.js';

const IDLE_MS = 300;
const ACCESS_DENIED = '<Error><Code>AccessDenied</Code><Message>Denied.</Message></Error>';
const FULL = '<Error><Code>InsufficientStorage</Code><Message>No space left.</Message></Error>';
const LARGE = 8 * 1024 ** 2;

let server: Server;
beforeEach(async () => {
  server = createServer(({ url = '' }, response) => {
    if (url.includes('never')) return;
    if (url.includes('full')) return void response.writeHead(507).end(FULL);
    if (url.includes('busy')) return void response.writeHead(503).end();
    if (url.includes('secret')) return void response.writeHead(403).end(ACCESS_DENIED);
    response.writeHead(200, { 'content-length': LARGE });
    if (url.includes('half')) response.write('x');
    else response.end(Buffer.alloc(LARGE));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const store = () =>
  createObjectStore({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ accessKey: 'a', secretKey: 'b', region: 'us-east-1', idleTimeoutMs: IDLE_MS },
  });

it.each(['never', 'half'])('reports a store that stops sending as unavailable: %s', async (key) => {
  await expect(store().get('bucket', key)).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    facts: { server: 'object store', bucket: 'bucket', key },
    cause: { code: 'ETIMEDOUT' },
  });
});

it('reports a store that stops sending in the middle of a stream', async () => {
  const stream = await store().getStream('bucket', 'half');
  await expect(text(stream)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
});

it('reports a store that refuses connections or is busy as unavailable', async () => {
  const unavailable = { code: 'SERVER_UNAVAILABLE', retryable: true };
  await expect(store().get('bucket', 'busy')).rejects.toMatchObject(unavailable);
  const reading = store();
  server.close();
  server.closeAllConnections();
  await expect(reading.stat('bucket', 'whole')).rejects.toMatchObject(unavailable);
});

it('reports a store without room, which another attempt may find', async () => {
  const full = { code: 'STORE_FULL', retryable: true, facts: { bucket: 'bucket', key: 'full' } };
  await expect(store().put('bucket', 'full', 'x')).rejects.toMatchObject(full);
  const stream = Readable.from([Buffer.from('x')]);
  await expect(store().putStream('bucket', 'full', stream)).rejects.toMatchObject(full);
});

it('names bucket and key of a refused request', async () => {
  await expect(store().get('bucket', 'secret')).rejects.toThrow(/^bucket\/secret: AccessDenied/);
});

describe('when the signal of an operation aborts', () => {
  const reason = new Error('cancelled');
  const operations: readonly [string, (signal: AbortSignal) => Promise<unknown>][] = [
    ['stat', (signal) => store().stat('bucket', 'never', { signal })],
    ['get', (signal) => store().get('bucket', 'half', { signal })],
    ['getRange', (signal) => store().getRange('bucket', 'never', 0, 1, { signal })],
    ['put', (signal) => store().put('bucket', 'never', 'x', { signal })],
    [
      'putStream',
      (signal) =>
        store().putStream('bucket', 'never', Readable.from([Buffer.alloc(9)]), { signal }),
    ],
    ['copy', (signal) => store().copy('bucket', 'never', 'never-2', { signal })],
    ['list', (signal) => firstOf(store().list('bucket', 'never', { signal }))],
    ['remove', (signal) => store().remove('bucket', 'never', { signal })],
    ['ensureBucket', (signal) => store().ensureBucket('never', { signal })],
    ['getStream', async (signal) => text(await store().getStream('bucket', 'half', { signal }))],
  ];

  it.each(operations)('%s ends its request', async (_, start) => {
    const controller = new AbortController();
    const closed = once(server, 'request').then(async ([request]) => {
      setTimeout(() => controller.abort(reason), 20);
      await once((request as IncomingMessage).socket, 'close');
    });
    await expect(start(controller.signal)).rejects.toBe(reason);
    await closed;
  });

  it('sends nothing for a signal that has aborted', async () => {
    const requests = vi.fn();
    server.on('request', requests);
    const signal = AbortSignal.abort(reason);
    await expect(store().get('bucket', 'whole', { signal })).rejects.toBe(reason);
    expect(requests).not.toHaveBeenCalled();
  });
});

async function firstOf(keys: AsyncIterable<string>): Promise<string | undefined> {
  for await (const key of keys) return key;
  return undefined;
}

it('does not time out while the reader pauses', async () => {
  const stream = await store().getStream('bucket', 'whole');
  await sleep(3 * IDLE_MS);
  expect(await text(stream)).toHaveLength(LARGE);
});
