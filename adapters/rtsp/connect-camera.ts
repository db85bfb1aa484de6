import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  type CameraNetworks,
  createIsCameraDenied,
  forbiddenCamera,
} from '../download/camera-addresses.js';
import { DeniedAddressError, denyingLookup, type IsDenied } from '../download/denied-addresses.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import { parseFingerprint, secureConnection } from './camera-tls.js';
import { asStreamError } from './stream-error.js';

export interface ConnectOptions extends CameraNetworks {
  /** SHA-256 fingerprint that the certificate of an `rtsps` camera must have. */
  readonly fingerprint?: string;
  /** Resolves names; default: that of the system. */
  readonly lookup?: LookupFunction;
}

/**
 * Connects to a camera, with TLS for `rtsps`. The name is resolved once, and the connection is made
 * to an address that was checked. The socket is destroyed on abort.
 * @throws AppError `INVALID_INPUT`, `URL_FORBIDDEN`, `STREAM_CONNECTION_FAILED` or `STREAM_TLS`.
 */
export async function connectCamera(
  url: CameraUrl,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const fingerprint = options.fingerprint && parseFingerprint(options.fingerprint);
  const socket = openSocket(url, createIsCameraDenied(options), options.lookup);
  const abandon = () => socket.destroy();
  signal.addEventListener('abort', abandon);
  try {
    await once(socket, 'connect', { signal });
    const isSecure = url.protocol === 'rtsps';
    return isSecure ? await secureConnection(socket, url, fingerprint, signal) : socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof DeniedAddressError
      ? forbiddenCamera(url.shown)
      : asStreamError(error, url.shown);
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

function openSocket({ host, port, shown }: CameraUrl, isDenied: IsDenied, lookup?: LookupFunction) {
  // A literal address is not resolved.
  if (isIP(host) !== 0 && isDenied(host)) throw forbiddenCamera(shown);
  return connect({ host, port, noDelay: true, lookup: denyingLookup(isDenied, lookup) });
}
