import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { AppError } from '../../domain/errors.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import { streamError } from './stream-error.js';

/**
 * Starts TLS on a connection. The certificate must have the fingerprint ({@link parseFingerprint}), or
 * be trusted by the system if none is given; nothing is sent before that is checked. The caller
 * destroys the socket if this fails. @throws AppError `STREAM_TLS`.
 */
export async function secureConnection(
  socket: Socket,
  { host, shown }: CameraUrl,
  fingerprint: string | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  // The certificate is checked below, so that the error can show its fingerprint.
  const secure = connect({ socket, host, ...servername, rejectUnauthorized: false });
  try {
    await once(secure, 'secureConnect', { signal });
  } catch (error) {
    const advice = 'Check that the port is that of rtsps, and that the camera supports TLS 1.2.';
    throw streamError('STREAM_TLS', `TLS with ${shown} failed (${codeOf(error)})`, advice, error);
  }
  const problem = certificateProblem(secure, fingerprint);
  if (problem === undefined) return secure;
  throw streamError('STREAM_TLS', `the certificate of ${shown} ${problem}`, adviceFor(secure));
}

/** SHA-256 in hexadecimal digits. @throws AppError `INVALID_INPUT`. */
export function parseFingerprint(text: string): string {
  const digits = text.replaceAll(':', '').toUpperCase();
  if (/^[\dA-F]{64}$/.test(digits)) return digits;
  const what = 'The fingerprint of the camera is not a SHA-256 in 64 hexadecimal digits.';
  const advice = 'Print it with "openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE".';
  throw new AppError('INVALID_INPUT', `${what} ${advice}`);
}

function certificateProblem(secure: TLSSocket, fingerprint: string | undefined) {
  if (fingerprint !== undefined) {
    const matches = presentedFingerprint(secure) === fingerprint;
    return matches ? undefined : 'does not have the configured fingerprint';
  }
  return secure.authorized ? undefined : `is not trusted (${authorizationCode(secure)})`;
}

function adviceFor(secure: TLSSocket): string {
  const presented = presentedFingerprint(secure);
  return `Its SHA-256 fingerprint is ${presented}: if it is that of your camera, configure it.`;
}

function presentedFingerprint(secure: TLSSocket): string {
  return secure.getPeerCertificate().fingerprint256.replaceAll(':', '');
}

/** A code of OpenSSL, which the declared type of Node calls an error. */
function authorizationCode({ authorizationError }: { readonly authorizationError: unknown }) {
  return authorizationError instanceof Error
    ? codeOf(authorizationError)
    : String(authorizationError);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
