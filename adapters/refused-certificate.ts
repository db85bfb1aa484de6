import { AppError } from '../domain/errors.js';

/** Codes of OpenSSL and Node for a certificate that is not trusted. */
const REFUSED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Returns an error that names the server and the advice if a certificate was refused; else the
 * error itself.
 */
export function explainCertificate(error: unknown, server: string, advice: string): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!('code' in cause && REFUSED.has(String(cause.code)))) continue;
    const what = `The certificate of ${server} is not accepted (${cause.message}).`;
    return new AppError('STACK_NOT_RUNNING', `${what} ${advice}`, {}, { cause: error });
  }
  return error;
}
