import { join } from 'node:path';
import { openOwnFolder } from '../adapters/scratch/own-folder.js';
import { readImagesRole } from '../config/images-role.js';
import { waitForAbort } from '../platform/wait-for-abort.js';
import { createLogger } from '../runtime/logger.js';
import { createReadiness } from '../runtime/readiness.js';
import { runProcess } from '../runtime/run-process.js';
import { stopOnSignal } from '../runtime/stop-on-signal.js';
import { createContext } from './context.js';
import { createMetrics } from './metrics/index.js';
import { openRole } from './role/open-role.js';
import { closeServer, createServer } from './server.js';
import { startSweepingFolders } from './uploads/sweep-folders.js';

/** Runs the role `images`: single images from a folder of models, without any server. */
async function main(): Promise<void> {
  const role = readImagesRole();
  const { config } = role;
  const logger = createLogger('images', config.logLevel);
  const readiness = createReadiness();
  const metrics = createMetrics();
  metrics.watchReadiness(readiness);
  const stopping = stopOnSignal({ logger, readiness }, 'images stopping');
  const services = await openRole(role, { logger, metrics });
  const folder = await openOwnFolder(join(config.scratchDir, 'api'));
  const endSweepingFolders = startSweepingFolders(folder.path, logger);
  const { context, provideImages } = createContext({
    ...{ config, logger, readiness, metrics },
    ...{ folder: folder.path, stopping },
  });
  provideImages(services);
  const server = await createServer(context);
  await server.listen(config.api);
  const stopped = waitForAbort(stopping);
  await Promise.race([services.images.loaded, stopped]);
  if (!stopping.aborted) {
    readiness.ready();
    logger.info({ address: server.listeningOrigin, seconds: process.uptime() }, 'images ready');
  }
  await stopped;
  await closeServer(server);
  await services.images.close();
  endSweepingFolders();
  await folder.close();
  process.exit(0);
}

await runProcess(main);
