import { readFile } from 'node:fs/promises';
import {
  Client,
  type ClientInterceptors,
  Connection,
  type ConnectionOptions,
} from '@temporalio/client';
import { AppError, messageOf } from '../../domain/errors.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { checkCertificate } from './certificate-check.js';
import { createRetries } from './call-retries.js';
import { clientConverter } from './data-converter.js';
import type { PayloadKeySettings } from './payload-keys.js';
import type { ServerAddress } from './server-address.js';

export interface TemporalSettings extends PayloadKeySettings {
  /** Host and port. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  /** Default: TLS if an API key or a certificate file is given. */
  readonly tls: boolean | undefined;
  /** PEM files. */
  readonly clientCertPath: string | undefined;
  readonly clientKeyPath: string | undefined;
  /** PEM file of the certificate authorities to trust; default: those of the system. */
  readonly serverCaPath: string | undefined;
  /** Host name in the server's certificate; default: that of the address. */
  readonly serverName: string | undefined;
}

/** Options of client and worker connections. @throws AppError `INVALID_INPUT`. */
export async function connectionOptions(settings: TemporalSettings): Promise<ServerAddress> {
  const { address, apiKey } = settings;
  return { address, apiKey, tls: await tlsOf(settings) };
}

async function tlsOf(settings: TemporalSettings): Promise<ServerAddress['tls']> {
  const { apiKey, tls, clientCertPath, clientKeyPath, serverCaPath, serverName } = settings;
  if ((clientCertPath === undefined) !== (clientKeyPath === undefined)) {
    throw invalid(
      'Set both TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, or neither.',
    );
  }
  const needsTls = [apiKey, clientCertPath, serverCaPath, serverName].some(
    (setting) => setting !== undefined,
  );
  if (tls === false && needsTls) {
    throw invalid(
      'TEMPORAL_TLS is false, but an API key or another TLS setting needs TLS. Remove one of them.',
    );
  }
  if (!needsTls) return tls ?? false;
  const clientCertPair = clientCertPath !== undefined &&
    clientKeyPath !== undefined && {
      crt: await readPem('TEMPORAL_TLS_CLIENT_CERT_PATH', clientCertPath),
      key: await readPem('TEMPORAL_TLS_CLIENT_KEY_PATH', clientKeyPath),
    };
  return {
    ...(clientCertPair && { clientCertPair }),
    ...(serverCaPath !== undefined && {
      serverRootCACertificate: await readPem('TEMPORAL_TLS_SERVER_CA_CERT_PATH', serverCaPath),
    }),
    ...(serverName !== undefined && { serverNameOverride: serverName }),
  };
}

async function readPem(variable: string, path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw invalid(`${variable} cannot be read: ${messageOf(cause)}`);
  });
}

function invalid(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

/** Limits of gRPC's reconnect delay, which otherwise grows to minutes. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 3000,
};

export interface ClientOptions extends Pick<ConnectionOptions, 'connectTimeout'> {
  /** Time for a request without a deadline, with its retries, in milliseconds; default: no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Interceptors of the calls of workflows; default: none. */
  readonly interceptors?: ClientInterceptors | undefined;
}

/**
 * Connects a client.
 * @throws AppError `SERVER_UNAVAILABLE`, or `STACK_NOT_RUNNING` for a certificate that is not trusted.
 */
export async function connectClient(
  settings: TemporalSettings,
  { requestTimeoutMs, interceptors, ...options }: ClientOptions = {},
): Promise<{ connection: Connection; client: Client }> {
  const dataConverter = await clientConverter(settings);
  const address = await connectionOptions(settings);
  const connection = await Connection.connect({
    ...address,
    ...options,
    channelArgs: RECONNECT,
    interceptors: createRetries(requestTimeoutMs),
  }).catch(async (cause: unknown) => {
    await checkCertificate(address);
    throw serverUnavailable('Temporal', { endpoint: address.address }, cause);
  });
  const { namespace } = settings;
  const client = new Client({
    ...{ connection, namespace },
    ...(dataConverter && { dataConverter }),
    ...(interceptors && { interceptors }),
  });
  return { connection, client };
}
