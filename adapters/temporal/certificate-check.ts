import { connect, type ConnectionOptions } from 'node:tls';
import { explainCertificate } from '../refused-certificate.js';
import type { ServerAddress } from './server-address.js';

const TIMEOUT_MS = 3000;
const ADVICE =
  'Give the file of its authority as TEMPORAL_TLS_SERVER_CA_CERT_PATH, or its name as TEMPORAL_TLS_SERVER_NAME.';

/**
 * Makes a TLS handshake after a connection failed, because the client does not report why it did.
 * @throws AppError `STACK_NOT_RUNNING` if the certificate is not accepted.
 */
export async function checkCertificate({ address, tls }: ServerAddress): Promise<void> {
  if (tls === false) return;
  const { hostname, port } = new URL(`https://${address}`);
  const { serverRootCACertificate: ca, serverNameOverride: servername } = tls === true ? {} : tls;
  const error = await handshake({
    ...{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) },
    ...(ca && { ca: Buffer.from(ca) }),
    ...(servername != null && { servername }),
  });
  const explained = explainCertificate(error, `Temporal at ${address}`, ADVICE);
  if (explained !== error) throw explained;
}

/** Error of a TLS handshake; undefined if it succeeds or times out. */
function handshake(options: ConnectionOptions): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, ALPNProtocols: ['h2'] });
    const end = (error?: Error) => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(TIMEOUT_MS, end);
    socket.once('secureConnect', () => end()).on('error', end);
  });
}
