import { join } from 'node:path';
import { Client } from 'minio';
import type { Credentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { serverEnvironment } from './server-environment.js';

/** MinIO on a folder, with its console. */
export function objectStoreServer(plan: StackPlan, credentials: Credentials): Service {
  const { objectStore: port, objectStoreConsole: consolePort } = plan.ports;
  const { objects, run } = dataPaths(plan.dataDir);
  const console = `127.0.0.1:${consolePort}`;
  return {
    name: 'object_store',
    title: 'the object store',
    command: plan.tools.minio,
    args: [
      ...['server', objects, '--address', `127.0.0.1:${port}`, '--console-address', console],
      // An empty folder; by default, MinIO would use certificates in the user's home for TLS.
      ...['--certs-dir', join(run, 'minio-certs'), '--quiet'],
    ],
    env: serverEnvironment(plan, {
      MINIO_ROOT_USER: credentials.accessKey,
      MINIO_ROOT_PASSWORD: credentials.secretKey,
      MINIO_UPDATE: 'off',
      MINIO_BROWSER: 'on',
    }),
    address: `127.0.0.1:${port}`,
    ui: `http://${console}`,
    readyTimeoutMs: 60_000,
    graceMs: 10_000,
    probe: () => acceptsCredentials(port, credentials),
  };
}

async function acceptsCredentials(port: number, credentials: Credentials): Promise<boolean> {
  const health = await fetch(`http://127.0.0.1:${port}/minio/health/ready`);
  if (!health.ok) return false;
  const { accessKey, secretKey } = credentials;
  const client = new Client({
    endPoint: '127.0.0.1',
    port,
    useSSL: false,
    accessKey,
    secretKey,
    retryOptions: { disableRetry: true },
  });
  await client.listBuckets();
  return true;
}
