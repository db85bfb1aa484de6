import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createConnection } from './connection.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Connects to a server that reads nothing. */
async function openConnection(requestTimeoutMs: number) {
  const server = createServer((socket) => void socket.on('error', () => undefined).pause());
  closers.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  closers.push(() => socket.destroy());
  await once(socket, 'connect');
  const onData = () => undefined;
  return { socket, ...createConnection(socket, { shown: 'rtsp://cam', onData, requestTimeoutMs }) };
}

describe('a connection whose server reads nothing', () => {
  it('fails a request after its time', async () => {
    const { request } = await openConnection(100);
    const failure = request('OPTIONS', 'rtsp://cam/');
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_TIMEOUT' });
    await expect(failure).rejects.toThrow('rtsp://cam did not answer OPTIONS within 100 ms');
  });

  it('ends before requests fill the memory', async () => {
    const { socket, request, ended } = await openConnection(20_000);
    const long = `rtsp://cam/${'a'.repeat(1_000_000)}`;
    const failures = Array.from({ length: 30 }, () => request('OPTIONS', long).catch(String));
    expect((await ended)?.message).toContain('rtsp://cam reads no requests');
    expect(await Promise.all(failures)).toHaveLength(30);
    expect(socket.writableLength).toBeLessThan(2_000_000);
  });

  it('rejects all requests when it ends, and later ones', async () => {
    const { socket, request, fail, ended } = await openConnection(20_000);
    const failures = [request('OPTIONS', 'rtsp://cam/'), request('PLAY', 'rtsp://cam/')];
    fail(new Error('anything'));
    for (const failure of failures) await expect(failure).rejects.toThrow('rtsp://cam');
    if (!socket.closed) await once(socket, 'close');
    await expect(request('PLAY', 'rtsp://cam/')).rejects.toThrow('closed the connection');
    expect(await ended).toMatchObject({ code: 'STREAM_CONNECTION_FAILED' });
  });
});
