import { connect, type ConnectionOptions } from 'node:tls';
import type { connectionOptions } from './connection.js';
import { explainCertificate } from '../refused-certificate.js';

type Options = Awaited<ReturnType<typeof connectionOptions>>;

const WITHIN_MS = 3000;
const ADVICE =
  'Give the file of its authority as TEMPORAL_TLS_SERVER_CA_CERT_PATH, or its name as TEMPORAL_TLS_SERVER_NAME.';

/**
 * Why a connection failed: the client says no more than that it did, so a handshake of its own tells
 * whether it was the certificate.
 */
export async function explainFailure(error: unknown, { address, tls }: Options): Promise<unknown> {
  if (tls === false) return error;
  const { hostname, port } = new URL(`https://${address}`);
  const { serverRootCACertificate: ca, serverNameOverride: servername } = tls === true ? {} : tls;
  const found = await handshake({
    ...{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) },
    ...(ca && { ca }),
    ...(servername !== undefined && { servername }),
  });
  const explained = explainCertificate(found, `Temporal at ${address}`, ADVICE);
  return explained === found ? error : explained;
}

/** What is wrong with a TLS connection; undefined when nothing is, or nobody answers in time. */
function handshake(options: ConnectionOptions): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, ALPNProtocols: ['h2'] });
    const end = (error?: Error) => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(WITHIN_MS, end);
    socket.once('secureConnect', () => end()).on('error', end);
  });
}
