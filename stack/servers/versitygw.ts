import { existsSync } from 'node:fs';
import type { Credentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { restoreInterruptedUploads } from './interrupted-uploads.js';
import { HEALTH_PATH, type ObjectStoreCommand } from './object-store-command.js';
import { serverEnvironment } from './server-environment.js';

/** versitygw on a folder, with its Web UI. */
export function versitygwCommand(plan: StackPlan, credentials: Credentials): ObjectStoreCommand {
  const { objectStore: port, objectStoreConsole: consolePort } = plan.ports;
  const { objects, objectMetadata } = dataPaths(plan.dataDir);
  return {
    args: [
      ...['--port', `127.0.0.1:${port}`, '--webui', `127.0.0.1:${consolePort}`],
      ...['--health', HEALTH_PATH, '--cors-allow-origin', '*', '--keep-alive', '--quiet'],
      ...['posix', ...(existsSync(objectMetadata) ? ['--sidecar', objectMetadata] : []), objects],
    ],
    env: serverEnvironment(plan, {
      ROOT_ACCESS_KEY: credentials.accessKey,
      ROOT_SECRET_KEY: credentials.secretKey,
    }),
    beforeStart: async () => {
      await restoreInterruptedUploads(objects);
      await restoreInterruptedUploads(objectMetadata);
    },
  };
}
