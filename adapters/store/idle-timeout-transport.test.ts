import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createObjectStore } from './minio-object-store.js';

const SILENCE_MS = 300;
const LARGE = 8 * 1024 ** 2;

let server: Server;
beforeEach(async () => {
  server = createServer(({ url = '' }, response) => {
    if (url.includes('never')) return;
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
    ...{ accessKey: 'a', secretKey: 'b', region: 'us-east-1', silenceMs: SILENCE_MS },
  });

it.each(['never', 'half'])('gives up an object that does not come: %s', async (key) => {
  await expect(store().get('bucket', key)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

it('waits for as long as a reader does not read on', async () => {
  const stream = await store().getStream('bucket', 'whole');
  await sleep(3 * SILENCE_MS);
  expect(await text(stream)).toHaveLength(LARGE);
});
