import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';

export interface TemporalSettings {
  /** Host and port. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  readonly tls: boolean;
  readonly clientCertPath: string | undefined;
  readonly clientKeyPath: string | undefined;
}

/** Options of both kinds of connection: address, TLS and API key. */
export async function connectionOptions(settings: TemporalSettings) {
  const { address, apiKey, tls, clientCertPath, clientKeyPath } = settings;
  const clientCertPair =
    clientCertPath && clientKeyPath
      ? { crt: await readFile(clientCertPath), key: await readFile(clientKeyPath) }
      : undefined;
  return { address, apiKey, tls: clientCertPair ? { clientCertPair } : tls };
}

/** A connection for clients, with its client. */
export async function connectClient(
  settings: TemporalSettings,
): Promise<{ connection: Connection; client: Client }> {
  const connection = await Connection.connect(await connectionOptions(settings));
  return { connection, client: new Client({ connection, namespace: settings.namespace }) };
}
