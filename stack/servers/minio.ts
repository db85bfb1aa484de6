import { join } from 'node:path';
import type { Credentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import type { ObjectStoreCommand } from './object-store-command.js';
import { serverEnvironment } from './server-environment.js';

/** MinIO on a folder, with its console. */
export function minioCommand(plan: StackPlan, credentials: Credentials): ObjectStoreCommand {
  const { objectStore: port, objectStoreConsole: consolePort } = plan.ports;
  const { objects, run } = dataPaths(plan.dataDir);
  return {
    args: [
      ...['server', objects, '--address', `127.0.0.1:${port}`],
      ...['--console-address', `127.0.0.1:${consolePort}`, '--quiet'],
      // An empty folder; by default, MinIO would use certificates in the user's home for TLS.
      ...['--certs-dir', join(run, 'minio-certs')],
    ],
    env: serverEnvironment(plan, {
      MINIO_ROOT_USER: credentials.accessKey,
      MINIO_ROOT_PASSWORD: credentials.secretKey,
      MINIO_UPDATE: 'off',
      MINIO_BROWSER: 'on',
    }),
  };
}
