import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { checkedRedirect, checkedUrl, shownUrl } from './checked-url.js';
import { type GuardSettings, openGuarded, refusalOf } from './guarded-request.js';
import { saveBody, type SaveLimits } from './save-body.js';

export interface DownloadSettings extends SaveLimits, GuardSettings {
  /** Timeout for the whole transfer, in seconds. */
  readonly timeoutS?: number;
  /** Time without enough bytes after which a transfer fails, in seconds. */
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
 * Downloads a user's URL to a file of a fixed name in `folder`. Rejects other schemes, user names and
 * passwords, and addresses of this host, private networks and the deny list: the address is checked
 * after the name is resolved, when the connection is made, and again for each redirect.
 */
export function createGuardedDownload(settings: DownloadSettings) {
  return async (
    url: string,
    { folder, signal, onBytes }: DownloadOptions,
  ): Promise<{ readonly path: string; readonly name: string }> => {
    const asked = checkedUrl(url, settings.schemes);
    const { timeoutS = TIMEOUT_S } = settings;
    const timeout = AbortSignal.timeout(timeoutS * 1000);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const path = join(folder, 'download');
    try {
      const response = await follow(asked, settings, either);
      await saveBody(response, path, settings, { signal: either, onBytes });
    } catch (error) {
      signal?.throwIfAborted();
      throw timeout.aborted ? tooLate(asked, timeoutS) : explained(asked, error);
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
      throw failed(`${shownUrl(url)} answered ${statusCode}.`);
    }
    if (redirects === REDIRECTS_MAX) {
      throw failed(`${shownUrl(asked)} redirects more than ${REDIRECTS_MAX} times.`);
    }
    url = checkedRedirect(headers.location, url, settings.schemes);
  }
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

function tooLate(url: URL, timeoutS: number): AppError {
  return failed(`${shownUrl(url)} was not there after ${timeoutS} s.`);
}

function explained(url: URL, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const refusal = refusalOf(url, error);
  if (refusal) return refusal;
  const code = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
  return failed(`${shownUrl(url)} cannot be fetched (${code}).`);
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
