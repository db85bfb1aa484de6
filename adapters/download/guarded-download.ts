import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { basename, join } from 'node:path';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { AppError, messageOf } from '../../domain/errors.js';
import { checkedRedirect, checkedUrl, forbidden, type Scheme, shownUrl } from './checked-url.js';
import { createIsDenied, DeniedAddressError, denyingLookup } from './denied-addresses.js';
import { saveBody, type SaveLimits } from './save-body.js';

export interface DownloadSettings extends SaveLimits {
  /** Whether addresses of this host and of private networks may be asked. */
  readonly allowPrivateAddresses: boolean;
  /** Addresses that may be asked though they are private, as IP or CIDR. */
  readonly allowedAddresses?: readonly string[];
  /** Addresses that are never asked, as IP or CIDR. */
  readonly deniedAddresses?: readonly string[];
  /** Default: https and http. */
  readonly schemes?: readonly Scheme[];
  /** Seconds for the whole transfer. */
  readonly timeoutS?: number;
  /** Seconds without a byte after which a transfer is given up. */
  readonly stallS?: number;
  /** Resolves names; default: the system does. */
  readonly lookup?: LookupFunction;
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
 * Fetches an address that a user gave to a file of a fixed name in `folder`. Only allowed schemes, no
 * user name or password, and no address of this host, a private network or the deny list, checked
 * after the name is resolved, on the address that is connected to, and again for each redirect.
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

function ask(
  url: URL,
  { allowPrivateAddresses, allowedAddresses = [], stallS = STALL_S, ...rest }: DownloadSettings,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isDenied = createIsDenied(rest.deniedAddresses);
  // A literal address is not looked up.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isDenied(literal)) throw new DeniedAddressError(literal);
  // An agent for each request: a connection that is kept alive would not be checked again.
  const filter = {
    allowPrivateIPAddress: allowPrivateAddresses,
    allowMetaIPAddress: allowPrivateAddresses,
    allowIPAddressList: [...allowedAddresses],
    keepAlive: false,
  };
  const headers = { 'user-agent': 'vidette', 'accept-encoding': 'identity' };
  const options = { headers, signal, lookup: denyingLookup(isDenied, rest.lookup) };
  const open = (): ClientRequest =>
    url.protocol === 'https:'
      ? requestHttps(url, { ...options, agent: new RequestFilteringHttpsAgent(filter) })
      : requestHttp(url, { ...options, agent: new RequestFilteringHttpAgent(filter) });
  return new Promise((resolve, reject) => {
    const request = open();
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
  if (error instanceof DeniedAddressError) {
    const advice = 'It is denied by VIDETTE_DENIED_ADDRESSES, or always.';
    return forbidden(`${shownUrl(url)} leads to an address that is never fetched`, advice);
  }
  if (/is not allowed\. Because/.test(messageOf(error))) {
    return forbidden(
      `${shownUrl(url)} leads to this host or a private network`,
      'Such addresses are fetched only with VIDETTE_ALLOW_PRIVATE_ADDRESSES=true.',
    );
  }
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
