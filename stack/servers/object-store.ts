import { Client } from 'minio';
import type { Credentials } from '../credentials.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { minioCommand } from './minio.js';
import { HEALTH_PATH } from './object-store-command.js';
import { versitygwCommand } from './versitygw.js';

/** The object store of a stack: versitygw or MinIO on a folder. */
export function objectStoreServer(plan: StackPlan, credentials: Credentials): Service {
  const { objectStore: port, objectStoreConsole: consolePort } = plan.ports;
  const { path, kind } = plan.tools.objectStore;
  const commandOf = kind === 'minio' ? minioCommand : versitygwCommand;
  return {
    name: 'object_store',
    title: 'the object store',
    command: path,
    ...commandOf(plan, credentials),
    address: `127.0.0.1:${port}`,
    ui: `http://127.0.0.1:${consolePort}`,
    readyTimeoutMs: 60_000,
    graceMs: 10_000,
    probe: () => acceptsCredentials(port, credentials),
  };
}

async function acceptsCredentials(port: number, credentials: Credentials): Promise<boolean> {
  const health = await fetch(`http://127.0.0.1:${port}${HEALTH_PATH}`);
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
