import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import type { ApiServer } from '../http/api-server.js';
import { closeServer, LIMITS } from '../server.js';

let api: ListeningApi;
/** Chunks of the endless response, and whether it has ended. */
let produced: number;
let ended: boolean;
let sockets: Socket[];
beforeEach(() => {
  [produced, ended] = [0, false];
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await api.server.close();
});

/** Short, so that the tests need not sleep for as long as production waits. */
const SHORT = { ...LIMITS, headersTimeoutMs: 1500, checkMs: 100, lingerMs: 1000, stallMs: 1000 };
const CHUNK = '4\r\nabcd\r\n';
const HEAD = 'POST /own/upload HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n';

function addRoutes(server: ApiServer): void {
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.post('/own/upload', { bodyLimit: 2 ** 40 }, async ({ raw }) => {
    let bytes = 0;
    for await (const chunk of raw) bytes += (chunk as Buffer).length;
    return { bytes };
  });
  server.post('/own/slow-reader', { bodyLimit: 2 ** 40 }, async ({ raw }) => {
    await sleep(1500);
    for await (const _ of raw);
    return { done: true };
  });
  server.post('/own/json', ({ body }) => ({ body }));
  server.get('/own/refused', () => ({}));
  server.get('/own/endless', (_request, reply) => {
    let count = 0;
    const chunk = Buffer.alloc(65_536);
    const body = new Readable({
      read() {
        this.push(chunk);
        produced = ++count;
      },
    });
    body.once('close', () => (ended = true));
    return reply.send(body);
  });
}

const start = async (variables: Record<string, string> = {}) => {
  api = await listen({ VIDETTE_API_IDLE_S: '1', ...variables }, [], addRoutes, SHORT);
};

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  /** Milliseconds until the server closed the connection. */
  readonly closed: Promise<number>;
}

async function open(): Promise<Client> {
  const socket = connect(api.port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (data: string) => (text += data));
  socket.on('error', () => undefined);
  const from = Date.now();
  const closed = new Promise<number>((resolve) => {
    socket.once('close', () => resolve(Date.now() - from));
  });
  await once(socket, 'connect');
  return { socket, closed, received: () => text };
}

/** Sends a text again and again; resolves with the milliseconds until the server closed the connection. */
async function dripUntilClosed({ socket, closed }: Client, text: string, everyMs: number) {
  const drip = setInterval(() => socket.write(text), everyMs);
  try {
    return await closed;
  } finally {
    clearInterval(drip);
  }
}

describe('a client is cut off', () => {
  it.each([
    ['whose body never begins', HEAD],
    ['whose body stops', `${HEAD}${CHUNK}`],
    [
      'whose body of a known length stops',
      'POST /own/json HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    ],
  ])('%s', async (_, sent) => {
    await start();
    const { socket, closed, received } = await open();
    socket.write(sent);
    const ms = await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(received()).toContain('"/problems/request-timeout"');
    expect(ms).toBeGreaterThan(950);
    expect(ms).toBeLessThan(4000);
    await expect.poll(() => api.log().filter(({ level }) => level === 50)).toEqual([]);
  });

  it('whose body drips', async () => {
    await start();
    const client = await open();
    client.socket.write(HEAD);
    expect(await dripUntilClosed(client, CHUNK, 100)).toBeLessThan(4000);
    expect(client.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that does not read its response', async () => {
    await start();
    const { socket } = await open();
    socket.pause();
    socket.write('GET /own/endless HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(() => produced).toBeGreaterThan(0);
    await expect.poll(() => ended, { timeout: 5000 }).toBe(true);
  });

  it('that waits for its next request while others are turned away', async () => {
    await start({ VIDETTE_API_CONNECTIONS: '1' });
    const { socket, received, closed } = await open();
    socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(received).toMatch(/^HTTP\/1\.1 200 /);
    await (
      await open()
    ).closed;
    expect(await closed).toBeLessThan(5000);
    expect((await api.ask('/livez')).status).toBe(200);
  });

  it('that drips its headers', async () => {
    await start();
    const client = await open();
    client.socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n');
    expect(await dripUntilClosed(client, 'x: y\r\n', 200)).toBeLessThan(6000);
    expect(client.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that continues a body whose request is already answered', async () => {
    await start({ VIDETTE_API_AUTH: 'keys' });
    const client = await open();
    client.socket.write(HEAD);
    expect(await dripUntilClosed(client, CHUNK, 200)).toBeLessThan(5000);
    expect(client.received()).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('that is one too many', async () => {
    await start({ VIDETTE_API_CONNECTIONS: '2' });
    const [first, second] = [await open(), await open()];
    const third = await open();
    expect(await third.closed).toBeLessThan(2000);
    expect(third.received()).toBe('');
    for (const { socket, received } of [first, second]) {
      socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await expect.poll(received).toMatch(/^HTTP\/1\.1 200 /);
    }
  });
});

describe('a client is not cut off', () => {
  it('that reads its response slowly', async () => {
    await start();
    const { socket } = await open();
    socket.write('GET /own/endless HTTP/1.1\r\nhost: localhost\r\n\r\n');
    for (let count = 0; count < 12; count++) {
      socket.pause();
      await sleep(200);
      socket.resume();
      await sleep(10);
    }
    expect(ended).toBe(false);
  });

  it('whose long body flows', async () => {
    await start({ VIDETTE_API_IDLE_S: '2' });
    const { socket, received } = await open();
    socket.write(HEAD);
    for (let count = 0; count < 6; count++) {
      await sleep(500);
      socket.write(`1000\r\n${'a'.repeat(0x1000)}\r\n`);
    }
    socket.write('0\r\n\r\n');
    await expect.poll(received).toContain('{"bytes":24576}');
  });

  it('that waits for a server that does not read', async () => {
    await start();
    const bytes = 32 * 1024 ** 2;
    const { socket, received } = await open();
    socket.write(
      `POST /own/slow-reader HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${bytes}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(bytes));
    await expect.poll(received, { timeout: 10_000 }).toContain('{"done":true}');
  });
});

it('rejects a body that is too large before it arrives', async () => {
  await start();
  const { socket, received } = await open();
  socket.write(
    'POST /own/json HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n',
  );
  await expect.poll(received).toMatch(/^HTTP\/1\.1 413 [^]*"\/problems\/too-large"/);
});

it.each([
  ['has headers without an end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, 431],
  ['is not HTTP', 'what?\r\n\r\n', 400],
])('answers a request that %s with a problem', async (_, sent, status) => {
  await start();
  const { socket, received, closed } = await open();
  socket.write(sent);
  await closed;
  expect(received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*"type":"/problems/`));
});

describe('a server that is closed', () => {
  it('waits for an upload in progress', async () => {
    await start({ VIDETTE_API_IDLE_S: '30' });
    const { socket, received } = await open();
    socket.write(`${HEAD}${CHUNK}`);
    await sleep(200);
    const from = Date.now();
    const closing = closeServer(api.server, 30_000);
    await sleep(300);
    socket.write(`${CHUNK}0\r\n\r\n`);
    await closing;
    expect(Date.now() - from).toBeLessThan(2000);
    await expect.poll(received).toContain('{"bytes":8}');
  });

  it('cuts off one that does not end within the grace time', async () => {
    await start({ VIDETTE_API_IDLE_S: '30' });
    const { socket, received, closed } = await open();
    socket.write(`${HEAD}${CHUNK}`);
    await sleep(200);
    const from = Date.now();
    await closeServer(api.server, 500);
    expect(Date.now() - from).toBeLessThan(2000);
    await closed;
    expect(received()).toBe('');
  });

  it('takes no more connections', async () => {
    await start();
    await closeServer(api.server);
    await expect(api.ask('/livez')).rejects.toThrow('ECONNREFUSED');
  });
});
