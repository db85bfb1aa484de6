import { mkdtemp, rm } from 'node:fs/promises';
import { createSecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { initialise } from '../../cli/initialise.js';
import { readConfig } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { type Settings, type StartedServers, startServers } from '../../stack/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { createJobs } from '../support/jobs.js';
import {
  type FrontOptions,
  makeAuthority,
  serverOptions,
  startTlsFront,
  type TestAuthority,
} from '../support/tls.js';
import { startWorkers } from '../support/workers.js';

let folder: string;
let authority: TestAuthority;
let servers: StartedServers;
/** Settings of each server behind TLS, with and without the authority that signed it. */
let trusted: Settings;
let unknown: Settings;
const fronts: { close(): void }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-tls-'));
  authority = await makeAuthority(folder);
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  servers = await startServers({ config, onStep: () => undefined });
  const ports = await Promise.all([
    front(servers.settings.TEMPORAL_ADDRESS!.split(':')[1]!, {
      asksClients: true,
      protocols: ['h2'],
    }),
    front(new URL(servers.settings.MINIO_ENDPOINT!).port),
    front(new URL(servers.settings.MONGO_URI!).port),
  ]);
  const [temporal, objects, documents] = ports;
  unknown = {
    ...servers.settings,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
    TEMPORAL_TLS: 'true',
    MINIO_ENDPOINT: `https://127.0.0.1:${objects}`,
    MONGO_URI: `mongodb://127.0.0.1:${documents}/?tls=true`,
  };
  trusted = {
    ...unknown,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.ca,
    TEMPORAL_TLS_CLIENT_CERT_PATH: authority.client.cert,
    TEMPORAL_TLS_CLIENT_KEY_PATH: authority.client.key,
    MINIO_CA_FILE: authority.ca,
    MONGO_URI: `${unknown.MONGO_URI}&tlsCAFile=${encodeURIComponent(authority.ca)}`,
  };
});
afterAll(async () => {
  for (const each of fronts) each.close();
  await servers?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function front(port: string, options: FrontOptions = {}): Promise<number> {
  const started = await startTlsFront(Number(port), await serverOptions(authority, options));
  fronts.push(started);
  return started.port;
}

test('runs a job over TLS to all three servers, with a client certificate for Temporal', async () => {
  const config = readConfig({ ...trusted, VIDETTE_MODELS_DIR: inject('modelsDir') });
  await initialise(config, () => undefined);
  const lanes = { VIDETTE_LANES: '1', VIDETTE_MODELS_DIR: inject('modelsDir') };
  const workers = await startWorkers(folder, { ...trusted, ...lanes });
  const objects = createObjectStore(config.objectStore);
  const { client, connection } = await connectClient(config.temporal);
  try {
    const clip = { ...CLIP_KINDS[0]!, frames: 60 };
    const path = join(folder, 'clip.mp4');
    await makeClip(clip, path);
    await objects.putFile(BUCKETS.videos, keys.video('clip'), path);
    const outcome = await createJobs(client, objects).run({ video_id: 'clip', event_id: 'tls' });
    expect(outcome).toMatchObject({ status: 'ready', frames: 12 });
  } finally {
    await workers.stop();
    await connection.close();
  }
});

describe('rejects a server whose authority is unknown, with advice', () => {
  test.each([
    [
      'Temporal',
      () => connectClient(readConfig(unknown).temporal, { connectTimeout: 3000 }),
      'TEMPORAL_TLS_SERVER_CA_CERT',
    ],
    [
      'the object store',
      () => createObjectStore(readConfig(unknown).objectStore).ping(),
      'MINIO_CA_FILE',
    ],
    [
      'the document store',
      async () => {
        const documents = createDocumentStore(readConfig(unknown).documentStore.uri);
        await documents.ping().finally(() => documents.close());
      },
      'tlsCAFile',
    ],
  ])('%s', async (_, ask, advice) => {
    const error: unknown = await ask().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STACK_NOT_RUNNING' });
    expect(String(error)).toMatch(/certificate of .* is not accepted/);
    expect(String(error)).toContain(advice);
  });
});

test('cannot connect without a client certificate if Temporal requires one', async () => {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: _, TEMPORAL_TLS_CLIENT_KEY_PATH: __, ...none } = trusted;
  const { temporal } = readConfig(none);
  await expect(connectClient(temporal, { connectTimeout: 3000 })).rejects.toThrow();
  const { connection } = await connectClient(readConfig(trusted).temporal);
  await connection.close();
});

test('sends the API key with each call over TLS', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createSecureServer(await serverOptions(authority), (request, response) => {
    seen.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/grpc', 'grpc-status': '7' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  const { temporal } = readConfig({
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    TEMPORAL_API_KEY: 'planted-key',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.ca,
  });
  await expect(connectClient(temporal)).rejects.not.toThrow(/planted-key/);
  server.close();
  expect(seen[0]?.authorization).toBe('Bearer planted-key');
});
