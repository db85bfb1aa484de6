import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadFile, downloadText } from './download.js';

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

let folder: string;
let path: string;
let servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-download-'));
  path = join(folder, 'tool.tar.gz');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
  await rm(folder, { recursive: true });
});

async function listen(listener?: RequestListener): Promise<Server> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

// A server on TCP has an address of this type.
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Mirror {
  readonly url: string;
  /** `Range` header of each request. */
  readonly ranges: (string | undefined)[];
}

/** Serves CONTENT with ranges; `bytesOf` limits what the answer to a request contains. */
async function serveContent(bytesOf: (request: number) => number, etag = '"1"'): Promise<Mirror> {
  const ranges: (string | undefined)[] = [];
  const server = await listen((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const isSame = request.headers['if-range'] === etag;
    const from = isSame ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      'content-length': CONTENT.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` }),
    });
    const bytes = bytesOf(ranges.length);
    if (from + bytes >= CONTENT.length) return response.end(CONTENT.subarray(from));
    return response.write(CONTENT.subarray(from, from + bytes), () => {
      setTimeout(() => response.destroy(), 50); // after the client has received it
    });
  });
  return { url: urlOf(server), ranges };
}

const ALL = CONTENT.length;

describe('downloadFile', () => {
  it('writes the file and reports the bytes', async () => {
    const { url } = await serveContent(() => ALL);
    const reported: (number | undefined)[][] = [];
    const onBytes = (...bytes: (number | undefined)[]) => void reported.push(bytes);
    await downloadFile(url, path, { sha256: SHA256, onBytes });
    expect(CONTENT.equals(await readFile(path))).toBe(true);
    expect(reported.at(-1)).toEqual([ALL, ALL]);
    expect(await readdir(folder)).toEqual(['tool.tar.gz']);
  });

  it('continues where the server stopped, as often as it stops', async () => {
    const { url, ranges } = await serveContent(() => 100_000);
    await downloadFile(url, path, { sha256: SHA256 });
    expect(CONTENT.equals(await readFile(path))).toBe(true);
    expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  it('fails if a truncated file does not grow, and a later call continues it', async () => {
    const broken = await serveContent((request) => (request === 1 ? 120_000 : 0));
    await expect(downloadFile(broken.url, path)).rejects.toThrow(/was interrupted \(/);
    expect(broken.ranges).toHaveLength(4);
    const [part] = (await readdir(folder)).filter((name) => name.endsWith('.part'));
    expect((await readFile(join(folder, part!))).length).toBe(120_000);

    const mirror = await serveContent(() => ALL);
    const record = { url: mirror.url, validator: '"1"' };
    await writeFile(`${path}.part.json`, JSON.stringify(record));
    await downloadFile(mirror.url, path, { sha256: SHA256 });
    expect(mirror.ranges).toEqual(['bytes=120000-']);
    expect(CONTENT.equals(await readFile(path))).toBe(true);
  });

  it('starts again if the file has changed since the interruption', async () => {
    const { url, ranges } = await serveContent(() => ALL, '"2"');
    await writeFile(`${path}.part`, Buffer.alloc(1000));
    await writeFile(`${path}.part.json`, JSON.stringify({ url, validator: '"1"' }));
    await downloadFile(url, path, { sha256: SHA256 });
    expect(ranges).toEqual(['bytes=1000-']);
    expect(CONTENT.equals(await readFile(path))).toBe(true);
  });

  it('deletes a file with another SHA-256', async () => {
    const { url } = await serveContent(() => ALL);
    const expected = '0'.repeat(64);
    const download = downloadFile(url, path, { sha256: expected });
    await expect(download).rejects.toThrow(
      `tool.tar.gz was rejected: its SHA-256 is ${SHA256}, but ${expected} is expected`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('rejects a web page', async () => {
    const server = await listen((_request, response) =>
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<h1>Sign in</h1>'),
    );
    await expect(downloadFile(urlOf(server), path)).rejects.toThrow(/web page instead of the file/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('reports a status and a refused connection at once', async () => {
    const server = await listen((_request, response) => response.writeHead(404).end());
    await expect(downloadFile(urlOf(server), path)).rejects.toThrow(/answered 404/);
    // TCP port 1 is reserved, so no server listens on it.
    const refused = downloadFile('http://127.0.0.1:1', path);
    await expect(refused).rejects.toThrow('127.0.0.1 is not reachable (ECONNREFUSED)');
  });
});

describe('a proxy', () => {
  /** Starts a proxy that only accepts CONNECT with a password. */
  async function startProxy(): Promise<{ readonly port: number; readonly targets: string[] }> {
    const targets: string[] = [];
    const server = await listen((_request, response) => response.writeHead(405).end());
    server.on('connect', ({ url = '', headers }, client) => {
      const expected = `Basic ${Buffer.from('me:secret').toString('base64')}`;
      if (headers['proxy-authorization'] !== expected) {
        return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      }
      targets.push(url);
      const [host, port] = url.split(':');
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [upstream, client]) socket.on('error', () => undefined);
      return undefined;
    });
    return { port: (server.address() as AddressInfo).port, targets }; // listening on TCP
  }

  it('is used for every request unless NO_PROXY lists the host', async () => {
    const { url } = await serveContent(() => ALL);
    const { port, targets } = await startProxy();
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) {
      vi.stubEnv(name, `http://me:secret@127.0.0.1:${port}`);
    }
    await downloadFile(url, path, { sha256: SHA256 });
    expect(targets).toEqual([new URL(url).host]);
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    await downloadFile(url, path, { sha256: SHA256 });
    expect(targets).toHaveLength(1);
  });

  it('is named in the error of a refused request, without its password', async () => {
    const { port } = await startProxy();
    vi.stubEnv('HTTP_PROXY', `http://me:wrong@127.0.0.1:${port}`);
    const error: unknown = await downloadText('http://127.0.0.1:1/').catch((e: unknown) => e);
    expect(String(error)).toMatch(/407.*HTTPS_PROXY or HTTP_PROXY is set/);
    expect(String(error)).not.toContain('wrong');
  });
});
