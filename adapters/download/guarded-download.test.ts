import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedDownload } from './guarded-download.js';

const BODY = Buffer.alloc(1000, 7);
const HANG: RequestListener = (_, response) => response.writeHead(200).write('x');

const ROUTES: Readonly<Record<string, RequestListener>> = {
  '/video.mp4': (_, response) => response.end(BODY),
  '/empty': (_, response) => response.end(),
  '/chunked': (_, response) => {
    response.write(BODY);
    response.end(BODY);
  },
  '/missing': (_, response) => response.writeHead(404).end(),
  '/hang': HANG,
  '/drip': (_, response) => {
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
  },
  '/to/1': (_, response) => response.writeHead(302, { location: '/video.mp4' }).end(),
  '/to/3': (_, response) => response.writeHead(302, { location: '/to/2' }).end(),
  '/to/2': (_, response) => response.writeHead(302, { location: '/to/1' }).end(),
  '/to/4': (_, response) => response.writeHead(302, { location: '/to/3' }).end(),
  '/to/file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to/user': (_, response) =>
    response.writeHead(302, { location: 'http://u:p@example.org/' }).end(),
};

/** Resolves each name to these addresses. */
function answering(addresses: readonly string[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: 4 }));
    if (all) callback(null, found);
    else callback(null, found[0]!.address, 4);
  };
}

let server: Server;
let origin: string;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    (ROUTES[path] ?? HANG)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has a port
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const OPEN = { maxBytes: 1500, allowPrivateAddresses: true, timeoutS: 5, stallS: 0.3 };

describe('a guarded download', () => {
  it.each([
    ['as it is', '/video.mp4?token=secret', 'video.mp4'],
    ['through one redirect', '/to/1', '1'],
    ['through three redirects', '/to/3', '3'],
  ])('fetches a file %s', async (_, path, name) => {
    const seen: number[] = [];
    const onBytes = (done: number) => seen.push(done);
    const file = await createGuardedDownload(OPEN)(origin + path, { folder, onBytes });
    expect(await readFile(file.path)).toEqual(BODY);
    expect(file.name).toBe(name);
    expect(seen.at(-1)).toBe(BODY.length);
  });

  it.each([
    ['loopback', () => `${origin}/video.mp4`],
    ['a name of loopback', () => origin.replace('127.0.0.1', 'localhost')],
    ['loopback of IPv6', () => 'http://[::1]:80/'],
    ['loopback of IPv4 within IPv6', () => 'http://[::ffff:127.0.0.1]/'],
    ['loopback of IPv4 within IPv6, in hex', () => 'http://[::ffff:7f00:1]/'],
    ['an IPv4-compatible address', () => 'http://[::7f00:1]/'],
    ['loopback as NAT64', () => 'http://[64:ff9b::7f00:1]/'],
    ['loopback as 6to4', () => 'http://[2002:7f00:1::]/'],
    ['loopback as one number', () => 'http://2130706433/'],
    ['loopback in hex', () => 'http://0x7f000001/'],
    ['loopback in hex parts', () => 'http://0x7f.0x0.0x0.0x1/'],
    ['loopback in octal', () => 'http://0177.0.0.1/'],
    ['loopback with parts left out', () => 'http://127.1/'],
    ['another address of loopback', () => 'http://127.8.8.8/'],
    ['loopback in full-width digits', () => 'http://１２７.0.0.1/'],
    ['loopback with a dot at its end', () => 'http://127.0.0.1./'],
    ['any address', () => 'http://0.0.0.0/'],
    ['any address of IPv6', () => 'http://[::]/'],
    ['a network for documents', () => 'http://192.0.2.1/'],
    ['another network for documents', () => 'http://203.0.113.9/'],
    ['a network for documents of IPv6', () => 'http://[2001:db8::1]/'],
  ])('refuses %s unless it is allowed', async (_, url) => {
    const download = createGuardedDownload({ ...OPEN, allowPrivateAddresses: false });
    await expect(download(url(), { folder })).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });

  it.each([
    ['another scheme', 'file:///etc/passwd', 'URL_FORBIDDEN'],
    ['ftp', 'ftp://example.org/a.mp4', 'URL_FORBIDDEN'],
    ['a user name and password', 'http://user:secret@example.org/a.mp4', 'URL_FORBIDDEN'],
    ['no address', 'video.mp4', 'URL_FORBIDDEN'],
    ['a redirect to another scheme', '/to/file', 'URL_FORBIDDEN'],
    ['a redirect with a user name', '/to/user', 'URL_FORBIDDEN'],
    ['a fourth redirect', '/to/4', 'DOWNLOAD_FAILED'],
    ['a file that is not there', '/missing?token=secret', 'DOWNLOAD_FAILED'],
    ['an empty file', '/empty', 'DOWNLOAD_FAILED'],
    ['a file that grows too large', '/chunked', 'LIMIT_EXCEEDED'],
    ['a transfer that stalls', '/hang?token=secret', 'DOWNLOAD_FAILED'],
  ])('refuses %s', async (_, url, code) => {
    const address = url.startsWith('/') ? origin + url : url;
    const error: unknown = await createGuardedDownload(OPEN)(address, { folder }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('secret');
  });

  it('refuses a redirect from an allowed address to loopback', async () => {
    const target = `${origin}/video.mp4`;
    const allowed = createServer((_, response) => {
      response.writeHead(302, { location: target }).end();
    });
    await new Promise<void>((resolve) => allowed.listen(0, '127.0.0.2', resolve));
    const { port } = allowed.address() as AddressInfo; // a TCP server has a port
    const settings = { ...OPEN, allowPrivateAddresses: false, allowedAddresses: ['127.0.0.2'] };
    const fetched = createGuardedDownload(settings)(`http://127.0.0.2:${port}/`, { folder });
    await expect(fetched).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    allowed.close();
  });

  it.each([
    ['an address', '203.0.113.9', 'http://203.0.113.9/'],
    ['a network', '203.0.113.0/24', 'http://203.0.113.9/'],
    ['an address written as one of IPv6', '203.0.113.0/24', 'http://[::ffff:203.0.113.9]/'],
    ['a network of IPv6', '2001:db8::/32', 'http://[2001:db8::1]/'],
  ])('refuses %s of the deny list even where private ones are allowed', async (_, denied, url) => {
    const download = createGuardedDownload({ ...OPEN, deniedAddresses: [denied] });
    await expect(download(url, { folder })).rejects.toThrow(/never fetched/);
  });

  it.each(['::7f00:1', '::cb00:7109'])('refuses a name that leads to %s', async (address) => {
    const download = createGuardedDownload({ ...OPEN, lookup: answering([address]) });
    await expect(download('http://a.example/', { folder })).rejects.toThrow(/never fetched/);
  });

  it('refuses a name that leads to a denied address', async () => {
    const lookup = answering(['192.0.2.7', '203.0.113.9']);
    const settings = { ...OPEN, lookup, deniedAddresses: ['203.0.113.0/24'] };
    const fetched = createGuardedDownload(settings)('http://video.example/', { folder });
    await expect(fetched).rejects.toThrow(/never fetched/);
  });

  it('does not connect to the address that a name is rebound to', async () => {
    const hits: string[] = [];
    server.on('request', ({ url = '' }) => hits.push(url));
    const { port } = new URL(origin);
    // A name that was public when it was checked and is loopback when it is connected to.
    const lookup = answering(['127.0.0.1']);
    const settings = { ...OPEN, lookup, allowPrivateAddresses: false };
    const fetched = createGuardedDownload(settings)(`http://video.example:${port}/`, { folder });
    await expect(fetched).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    expect(hits).toEqual([]);
    const open = createGuardedDownload({ ...OPEN, lookup });
    await open(`http://video.example:${port}/video.mp4`, { folder });
    expect(hits).toEqual(['/video.mp4']);
  });

  it('refuses a scheme that is not configured', async () => {
    const download = createGuardedDownload({ ...OPEN, schemes: ['https'] });
    await expect(download(`${origin}/video.mp4`, { folder })).rejects.toThrow('Use https.');
  });

  it('stops at a host that sends too slowly', async () => {
    const slowest = { bytes: 1000, seconds: 0.3 };
    const download = createGuardedDownload({ ...OPEN, slowest });
    await expect(download(`${origin}/drip`, { folder })).rejects.toThrow(/too slowly/);
  });

  it('refuses a file whose header states too large a size', async () => {
    const download = createGuardedDownload({ ...OPEN, maxBytes: BODY.length - 1 });
    await expect(download(`${origin}/video.mp4`, { folder })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('stops at its time limit, and at once on abort', async () => {
    const slow = createGuardedDownload({ ...OPEN, stallS: 5, timeoutS: 0.3 });
    await expect(slow(`${origin}/hang`, { folder })).rejects.toThrow(/after 0.3 s/);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('aborted')), 50);
    const patient = createGuardedDownload({ ...OPEN, stallS: 5 });
    const other = await mkdtemp(join(folder, 'other-'));
    await expect(patient(`${origin}/hang`, { folder: other, signal: stop.signal })).rejects.toThrow(
      'aborted',
    );
  });
});
