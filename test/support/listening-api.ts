import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { type ApiServices, createContext, type ImageServices } from '../../api/context.js';
import type { ApiServer, ServerLimits } from '../../api/http/api-server.js';
import { createServer } from '../../api/server.js';
import { readConfig } from '../../config/index.js';
import type { ApiKey } from '../../domain/api-key.js';
import { createMemoryDocumentStore } from './memory-document-store.js';
import { createMetrics } from '../../api/metrics/index.js';
import { createReadiness } from '../../runtime/readiness.js';

/** The HTTP server in this process, on a free port, without the servers behind it. */
export interface ListeningApi {
  readonly server: ApiServer;
  readonly port: number;
  /** Aborts requests that never end. */
  stop(): void;
  /** Lines of the log so far. */
  log(): Record<string, unknown>[];
  ask(path: string, asked?: Asked): Promise<Answer>;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * @param addRoutes Adds routes that only the test has.
 * @param services Services behind the routes of the test.
 */
export async function listen(
  variables: Readonly<Record<string, string>>,
  keys: readonly ApiKey[] = [],
  addRoutes: (server: ApiServer) => void = () => undefined,
  limits?: ServerLimits,
  services: Partial<ApiServices & ImageServices> = {},
): Promise<ListeningApi> {
  const config = readConfig({ VIDETTE_API_PORT: '0', ...variables });
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) });
  const stopping = new AbortController();
  const fields = {
    ...{ config, logger, readiness: createReadiness(), metrics: createMetrics() },
    ...{ folder: join(tmpdir(), `vidette-api-${process.pid}`), stopping: stopping.signal },
  };
  const { context, provide, provideImages } = createContext(fields);
  // The security plugin reads no other fields.
  const documents = createMemoryDocumentStore({ apiKeys: keys });
  provide({ documents, ...services } as ApiServices);
  provideImages({ apiKeys: documents.apiKeys, ...services } as ImageServices);
  const server = await createServer(context, limits);
  addRoutes(server);
  await server.listen({ host: config.api.host, port: 0 });
  const { port } = server.server.address() as AddressInfo; // it listens to TCP
  return {
    server,
    port,
    stop: () => stopping.abort(),
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    ask: (path, asked) => ask(port, path, asked),
  };
}

function ask(port: number, path: string, { method, headers, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers },
      agent: false,
    };
    request(options, (response) => {
      const { statusCode = 0, headers: answered } = response;
      text(response).then(
        (body) => resolve({ status: statusCode, headers: answered, body }),
        reject,
      );
    })
      .once('error', reject)
      .end(body);
  });
}
