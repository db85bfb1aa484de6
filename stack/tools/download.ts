import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

const CONNECT_TIMEOUT_MS = 5000;
const HEADERS_TIMEOUT_MS = 30_000;
const STALL_TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 ** 3;

/** Resolves if the host of a URL accepts a connection; rejects within 5 s if it does not. */
export async function assertReachable(url: string): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    timeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('timeout', () =>
        reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`)),
      );
      socket.once('error', reject);
    });
  } catch (error) {
    throw new Error(`${hostname} is not reachable (${reasonOf(error)})`, { cause: error });
  } finally {
    socket.destroy();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** Downloads a text. */
export async function downloadText(url: string): Promise<string> {
  return (await request(url)).text();
}

/** Downloads to a file. Rejects if no data arrives for 30 s or if it is larger than 1 GiB. */
export async function downloadFile(url: string, path: string): Promise<void> {
  const { body } = await request(url);
  if (!body) throw new Error(`${url} has no content`);
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_TIMEOUT_MS);
  try {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- the assertion is needed without DOM types
    const source = Readable.fromWeb(body as ReadableStream);
    await pipeline(source, limitSize(timer), createWriteStream(path), { signal: stall.signal });
  } catch (error) {
    const reason = stall.signal.aborted ? 'no data arrived for 30 s' : reasonOf(error);
    throw new Error(`the download of ${url} was interrupted (${reason})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: string): Promise<Response> {
  await assertReachable(url);
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), HEADERS_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: slow.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function limitSize(timer: NodeJS.Timeout): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      bytes += chunk.length;
      done(bytes > MAX_BYTES ? new Error('larger than 1 GiB') : null, chunk);
    },
  });
}
