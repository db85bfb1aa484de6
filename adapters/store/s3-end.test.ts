import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createObjectStore } from './minio-object-store.js';

const PART_BYTES = 16 * 1024 ** 2;
const NO_UPLOADS =
  '<ListMultipartUploadsResult><Bucket>bucket</Bucket></ListMultipartUploadsResult>';
const UPLOAD =
  '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';

let server: Server;
/** Requests of parts that the server has received and answered. */
let parts: { received: number; answered: number };
beforeEach(async () => {
  parts = { received: 0, answered: 0 };
  server = createServer((request, response) => {
    if (request.method !== 'PUT') {
      return void response.end(request.method === 'POST' ? UPLOAD : NO_UPLOADS);
    }
    parts.received++;
    const answer = () => {
      parts.answered++;
      response.end();
    };
    request.resume().once('end', () => setTimeout(answer, 200));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('rejects a stream that fails when the store has answered, and sends nothing after that', async () => {
  const store = createObjectStore({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ accessKey: 'a', secretKey: 'b', region: 'us-east-1' },
  });
  async function* failing() {
    yield Buffer.alloc(PART_BYTES);
    yield Buffer.alloc(PART_BYTES);
    await expect.poll(() => parts.received).toBe(1);
    throw new Error('no more');
  }
  const put = store.putStream('bucket', 'key', Readable.from(failing()));
  await expect(put).rejects.toThrow('no more');
  expect(parts).toEqual({ received: 1, answered: 1 });
  await sleep(300);
  expect(parts).toEqual({ received: 1, answered: 1 });
});
