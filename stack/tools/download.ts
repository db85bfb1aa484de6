import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256OfFile } from '../../platform/file-hash.js';
import { assertIsFile, headerOf, reasonOf, request, type Response } from './http.js';
import { type PartialFile, partialFile } from './partial-file.js';

const MAX_BYTES = 1024 ** 3;
/** Number of interruptions in a row without a new byte after which a download fails. */
const MAX_STALLS = 3;
const RESUME_DELAY_MS = 500;

/** Called with the bytes received, and their total if the server states it. */
export type OnBytes = (doneBytes: number, totalBytes: number | undefined) => void;

export interface DownloadOptions {
  /** Expected SHA-256; a file with another one is deleted. */
  readonly sha256?: string;
  readonly onBytes?: OnBytes;
}

/** The transfer broke off after it had begun. */
class Interrupted extends Error {}

/** Downloads a text. */
export async function downloadText(url: string): Promise<string> {
  const done = new AbortController();
  try {
    const response = await request(url, { signal: done.signal });
    assertIsFile(response, url);
    return await response.body.text();
  } finally {
    done.abort();
  }
}

/**
 * Downloads to a file. A transfer that breaks off is continued where it stopped, also by a later call:
 * until it is complete, the content is in `{path}.part`. Rejects if it is larger than 1 GiB.
 */
export async function downloadFile(
  url: string,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = partialFile(path);
  let interruption: Error | undefined;
  for (let stalls = 0; stalls < MAX_STALLS;) {
    const before = await partial.size();
    interruption = await transfer(url, partial, options).then(
      () => undefined,
      (error: unknown) => expectInterruption(error, interruption !== undefined),
    );
    if (interruption === undefined) break;
    stalls = (await partial.size()) > before ? 0 : stalls + 1;
    await sleep(RESUME_DELAY_MS);
  }
  if (interruption !== undefined) throw interruption;
  await verify(basename(path), partial, options.sha256);
  await partial.finish();
}

/** A server that is restarting may be unreachable after an interruption, but not before. */
function expectInterruption(error: unknown, isResuming: boolean): Error {
  if (error instanceof Interrupted || (isResuming && error instanceof Error)) return error;
  throw error;
}

async function transfer(url: string, partial: PartialFile, { onBytes }: DownloadOptions) {
  const done = new AbortController();
  try {
    const headers = { 'accept-encoding': 'identity', ...(await partial.resumeHeaders(url)) };
    const response = await request(url, { headers, signal: done.signal });
    if (response.statusCode === 416) return await expectComplete(url, response, partial);
    assertIsFile(response, url);
    await receive(url, response, partial, onBytes);
  } finally {
    done.abort();
  }
}

/** Handles the answer that there is nothing after the received content. */
async function expectComplete(url: string, response: Response, partial: PartialFile) {
  if (headerOf(response, 'content-range') === `bytes */${await partial.size()}`) return;
  await partial.discard();
  throw new Interrupted(`the file at ${url} has changed`);
}

async function receive(url: string, response: Response, partial: PartialFile, onBytes?: OnBytes) {
  const offset = response.statusCode === 206 ? await partial.size() : 0;
  await partial.begin(url, response);
  const length = headerOf(response, 'content-length');
  const total = length === undefined ? undefined : offset + Number(length);
  const target = createWriteStream(partial.path, { flags: offset > 0 ? 'a' : 'w' });
  const count = countBytes(offset, (bytes) => onBytes?.(bytes, total));
  try {
    await pipeline(response.body, count, target);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Interrupted(`the download of ${url} was interrupted (${reasonOf(error)})`, {
      cause: error,
    });
  }
}

function countBytes(offset: number, onBytes: (bytes: number) => void): Transform {
  let bytes = offset;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(bytes > MAX_BYTES ? new RangeError('larger than 1 GiB') : null, chunk);
    },
  });
}

async function verify(name: string, partial: PartialFile, expected?: string): Promise<void> {
  if (expected === undefined) return;
  const actual = await sha256OfFile(partial.path);
  if (actual === expected) return;
  await partial.discard();
  throw new Error(`${name} was rejected: its SHA-256 is ${actual}, but ${expected} is expected`);
}
