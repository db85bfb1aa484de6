import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

const CONNECT_TIMEOUT_MS = 5000;
const HEADERS_TIMEOUT_MS = 30_000;
const STALL_TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 ** 3;

/** Resolves when the host of an address takes a connection; rejects within 5 s when it does not. */
export async function assertReachable(address: string): Promise<void> {
  const { protocol, hostname, port } = new URL(address);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    timeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('timeout', () =>
        reject(new Error(`no answer in ${CONNECT_TIMEOUT_MS / 1000} s`)),
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

/** The text at an address. */
export async function downloadText(address: string): Promise<string> {
  return (await request(address)).text();
}

/** Downloads to a file; gives up when nothing comes for 30 s or when it is larger than 1 GiB. */
export async function downloadFile(address: string, path: string): Promise<void> {
  const { body } = await request(address);
  if (!body) throw new Error(`${address} has no content`);
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_TIMEOUT_MS);
  try {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- not where a browser's types are known too
    const source = Readable.fromWeb(body as ReadableStream);
    await pipeline(source, guard(timer), createWriteStream(path), { signal: stall.signal });
  } catch (error) {
    const reason = stall.signal.aborted ? 'nothing came for 30 s' : reasonOf(error);
    throw new Error(`the download of ${address} broke off (${reason})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function request(address: string): Promise<Response> {
  await assertReachable(address);
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), HEADERS_TIMEOUT_MS);
  try {
    const response = await fetch(address, { signal: slow.signal });
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function guard(timer: NodeJS.Timeout): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      bytes += chunk.length;
      done(bytes > MAX_BYTES ? new Error('larger than 1 GiB') : null, chunk);
    },
  });
}
