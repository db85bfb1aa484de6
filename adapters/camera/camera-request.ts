import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import {
  type CameraNetworks,
  createIsCameraDenied,
  forbiddenCamera,
} from '../download/camera-addresses.js';
import { DeniedAddressError, denyingLookup } from '../download/denied-addresses.js';
import { createAuthorize } from '../rtsp/authorization.js';
import { expectSuccess } from '../rtsp/responses.js';
import { asStreamError, streamError } from '../rtsp/stream-error.js';

export interface CameraRequestOptions extends CameraNetworks {
  /** Time until the response begins, in ms. */
  readonly timeoutMs?: number;
  /** Resolves names; default: that of the system. */
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 5000;

/**
 * Requests a URL of a camera and resolves with its response, whose body is not read. A camera that
 * requires it receives credentials by Digest or Basic. Redirects are not followed.
 * @throws AppError `URL_FORBIDDEN` or a code `STREAM_…`; messages contain only scheme and host.
 */
export async function requestCamera(
  url: CameraUrl,
  options: CameraRequestOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const first = await send(url, options, signal);
  if (first.statusCode !== 401 || !url.credentials) return checked(first, url);
  first.destroy();
  const challenge = first.headers['www-authenticate'] ?? '';
  const authorize = createAuthorize([challenge], url.credentials);
  if (!authorize) return checked(first, url);
  const { pathname, search } = new URL(url.requestUrl);
  const authorization = authorize('GET', `${pathname}${search}`);
  return checked(await send(url, options, signal, { authorization }), url);
}

async function send(
  url: CameraUrl,
  options: CameraRequestOptions,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const { timeoutMs = TIMEOUT_MS } = options;
  try {
    return await open(url, options, signal, headers);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeniedAddressError) throw forbiddenCamera(url.shown);
    if (error instanceof TimeoutError) throw tooLate(url, timeoutMs);
    throw asStreamError(error, url.shown);
  }
}

/** The camera did not answer in time. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

function open(
  { protocol, host, requestUrl }: CameraUrl,
  options: CameraRequestOptions,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const isDenied = createIsCameraDenied(options);
  // A literal address is not resolved.
  if (isIP(host) !== 0 && isDenied(host)) throw new DeniedAddressError(host);
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https' ? requestHttps : requestHttp)(requestUrl, {
      // One connection per request, so that each address is checked.
      agent: false,
      lookup: denyingLookup(isDenied, options.lookup),
      headers: { 'user-agent': 'vidette', 'accept-encoding': 'identity', ...headers },
      signal,
    });
    const timer = setTimeout(
      () => request.destroy(new TimeoutError()),
      options.timeoutMs ?? TIMEOUT_MS,
    );
    request.on('response', resolve).on('error', reject);
    request.on('response', () => clearTimeout(timer)).on('close', () => clearTimeout(timer));
    request.end();
  });
}

/** Returns a successful response; closes any other. */
function checked(response: IncomingMessage, { shown, credentials }: CameraUrl): IncomingMessage {
  try {
    const context = { method: 'GET', shown, hasCredentials: credentials !== undefined };
    expectSuccess({ status: response.statusCode }, context);
    return response;
  } catch (error) {
    response.destroy();
    throw error;
  }
}

function tooLate({ shown }: CameraUrl, timeoutMs: number) {
  const what = `${shown} did not answer within ${timeoutMs} ms`;
  return streamError('STREAM_TIMEOUT', what, 'Check that the camera is running and reachable.');
}
