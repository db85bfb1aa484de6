import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { dataPaths } from '../data-folder.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { serverEnvironment } from './server-environment.js';

const PROBE_TIMEOUT_MS = 1000;

/** MongoDB, or FerretDB on SQLite files; each uses a separate folder. */
export function documentStoreServer(plan: StackPlan): Service {
  const { path, kind } = plan.tools.documentStore;
  const port = plan.ports.documentStore;
  const folder = join(dataPaths(plan.dataDir).documents, kind);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    name: 'document_store',
    title: 'the document store',
    command: path,
    args: kind === 'mongod' ? mongodArgs(port, folder) : ferretdbArgs(port, folder),
    env: serverEnvironment(plan, { DO_NOT_TRACK: 'true' }),
    address: `127.0.0.1:${port}`,
    readyTimeoutMs: 60_000,
    graceMs: 10_000,
    probe: () => answersPing(port),
  };
}

function ferretdbArgs(port: number, folder: string): readonly string[] {
  return ['-listen', `127.0.0.1:${port}`, '-dir', folder];
}

function mongodArgs(port: number, folder: string): readonly string[] {
  return [
    ...['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder],
    ...['--nounixsocket', '--quiet', '--wiredTigerCacheSizeGB', '0.5'],
  ];
}

async function answersPing(port: number): Promise<boolean> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    serverSelectionTimeoutMS: PROBE_TIMEOUT_MS,
    connectTimeoutMS: PROBE_TIMEOUT_MS,
    directConnection: true,
  });
  try {
    await client.db('admin').command({ ping: 1 });
    return true;
  } finally {
    await client.close();
  }
}
