import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import {
  checkedUrl,
  type GuardSettings,
  openGuarded,
  refusalOf,
  shown,
} from './guarded-request.js';

export { checkedUrl };

export interface DownloadSettings extends GuardSettings {
  /** Largest file that is taken, in bytes. */
  readonly maxBytes: number;
  /** Seconds for the whole transfer. */
  readonly timeoutS?: number;
  /** Seconds without a byte after which a transfer is given up. */
  readonly stallS?: number;
}

export interface DownloadOptions {
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onBytes?: (done: number, total: number | null) => void;
}

const REDIRECTS_MAX = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const TIMEOUT_S = 6 * 3600;
const STALL_S = 60;

/**
 * Fetches an address that a user gave to a file of a fixed name in `folder`. Only http and https,
 * no user name or password, and no address of this host or a private network, checked after the
 * name is resolved, on the address that is connected to, and again for each redirect.
 */
export function createGuardedDownload(settings: DownloadSettings) {
  return async (
    url: string,
    { folder, signal, onBytes }: DownloadOptions,
  ): Promise<{ readonly path: string; readonly name: string }> => {
    const asked = checkedUrl(url);
    const { timeoutS = TIMEOUT_S } = settings;
    const timeout = AbortSignal.timeout(timeoutS * 1000);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const path = join(folder, 'download');
    try {
      const response = await follow(asked, settings, either);
      await save(response, path, settings, { signal: either, onBytes });
    } catch (error) {
      signal?.throwIfAborted();
      throw timeout.aborted ? tooSlow(asked, timeoutS) : explained(asked, error);
    }
    return { path, name: nameOf(asked) };
  };
}

async function follow(
  asked: URL,
  settings: DownloadSettings,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = asked;
  for (let redirects = 0; ; redirects++) {
    const response = await ask(url, settings, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (!REDIRECTS.has(statusCode) || headers.location === undefined) {
      throw failed(`${shown(url)} answered ${statusCode}.`);
    }
    if (redirects === REDIRECTS_MAX) {
      throw failed(`${shown(asked)} redirects more than ${REDIRECTS_MAX} times.`);
    }
    url = checkedUrl(resolved(headers.location, url));
  }
}

function resolved(location: string, base: URL): string {
  return URL.canParse(location, base.href) ? new URL(location, base).href : location;
}

function ask(url: URL, settings: DownloadSettings, signal: AbortSignal): Promise<IncomingMessage> {
  const { stallS = STALL_S } = settings;
  const headers = { 'accept-encoding': 'identity' };
  return new Promise((resolve, reject) => {
    const request = openGuarded(url, settings, { headers, signal });
    request.setTimeout(stallS * 1000, () => {
      request.destroy(new Error(`nothing came for ${stallS} s`));
    });
    request.on('response', resolve).on('error', reject).end();
  });
}

async function save(
  response: IncomingMessage,
  path: string,
  { maxBytes }: DownloadSettings,
  { signal, onBytes }: Pick<DownloadOptions, 'signal' | 'onBytes'>,
): Promise<void> {
  const declared = Number(response.headers['content-length'] ?? Number.NaN);
  if (declared > maxBytes) {
    response.destroy();
    throw tooLarge(maxBytes);
  }
  let done = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      onBytes?.(done, Number.isNaN(declared) ? null : declared);
      next(done > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(response, limited, file, { signal });
  if (done === 0) throw failed('The address gave an empty file.');
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The file is larger than ${maxBytes} bytes (VIDETTE_MAX_DOWNLOAD_GB).`,
  );
}

function tooSlow(url: URL, timeoutS: number): AppError {
  return failed(`${shown(url)} was not there after ${timeoutS} s.`);
}

function explained(url: URL, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const refusal = refusalOf(url, error);
  if (refusal) return refusal;
  const code = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
  return failed(`${shown(url)} cannot be fetched (${code}).`);
}

function failed(message: string): AppError {
  return new AppError('DOWNLOAD_FAILED', message);
}

function nameOf({ pathname, hostname }: URL): string {
  const last = basename(pathname);
  try {
    return decodeURIComponent(last) || hostname;
  } catch {
    return last || hostname;
  }
}
