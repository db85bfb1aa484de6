import { readFile } from 'node:fs/promises';
import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { AppError, messageOf } from '../../domain/errors.js';
import { explainFailure } from './certificate-check.js';
import { clientConverter } from './data-converter.js';
import type { PayloadKeySettings } from './payload-keys.js';

export interface TemporalSettings extends PayloadKeySettings {
  /** Host and port. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  /** Undefined: with an API key or a file of certificates only. */
  readonly tls: boolean | undefined;
  /** Files in PEM. */
  readonly clientCertPath: string | undefined;
  readonly clientKeyPath: string | undefined;
  /** Authorities to trust in place of those of the system. */
  readonly serverCaPath: string | undefined;
  /** Name that the server's certificate must have, where it is not that of the address. */
  readonly serverName: string | undefined;
}

/** Options of both kinds of connection: address, TLS and API key. */
export async function connectionOptions(settings: TemporalSettings) {
  const { address, apiKey } = settings;
  return { address, apiKey, tls: await tlsOf(settings) };
}

async function tlsOf(settings: TemporalSettings) {
  const { apiKey, tls, clientCertPath, clientKeyPath, serverCaPath, serverName } = settings;
  if ((clientCertPath === undefined) !== (clientKeyPath === undefined)) {
    throw wrong(
      'A client certificate needs both TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
    );
  }
  const isWanted = [apiKey, clientCertPath, serverCaPath, serverName].some(
    (setting) => setting !== undefined,
  );
  if (tls === false && isWanted) {
    throw wrong('TEMPORAL_TLS is false, and an API key or a setting of TLS is given.');
  }
  if (!isWanted) return tls ?? false;
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
    throw wrong(`${variable} cannot be read: ${messageOf(cause)}`);
  });
}

function wrong(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

/** A server that comes back is noticed within these times, not after minutes. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 3000,
};

export interface ClientOptions extends Pick<ConnectionOptions, 'connectTimeout'> {
  /** How long a request that has no deadline may take with its retries; default: without end. */
  readonly requestTimeoutMs?: number;
}

/** A connection for clients, with its client. */
export async function connectClient(
  settings: TemporalSettings,
  { requestTimeoutMs, ...options }: ClientOptions = {},
): Promise<{ connection: Connection; client: Client }> {
  const dataConverter = await clientConverter(settings);
  const own = await connectionOptions(settings);
  const connection = await Connection.connect({
    ...own,
    ...options,
    channelArgs: RECONNECT,
    ...(requestTimeoutMs !== undefined && { interceptors: [retryFor(requestTimeoutMs)] }),
  }).catch(async (cause: unknown) => {
    throw await explainFailure(cause, own);
  });
  const { namespace } = settings;
  const client = new Client({ connection, namespace, ...(dataConverter && { dataConverter }) });
  return { connection, client };
}

/** The retries that are the default, until a deadline that holds for all of them. */
function retryFor(timeoutMs: number) {
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const withDeadline: typeof retry = (options, nextCall) =>
    retry({ ...options, deadline: options.deadline ?? Date.now() + timeoutMs }, nextCall);
  return withDeadline;
}
