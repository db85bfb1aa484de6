import { join } from 'node:path';
import { openOwnFolder } from '../adapters/scratch/own-folder.js';
import { readConfig } from '../config/index.js';
import { waitForAbort } from '../platform/wait-for-abort.js';
import { createReadiness } from '../runtime/readiness.js';
import { createLogger } from '../runtime/logger.js';
import { runProcess } from '../runtime/run-process.js';
import { stopOnSignal } from '../runtime/stop-on-signal.js';
import { installTemporalLogger } from '../runtime/temporal-logger.js';
import { openTracing } from '../runtime/tracing/open-tracing.js';
import { watchServers } from '../runtime/watch-servers.js';
import { connectServices, openServices } from './connect.js';
import { createContext } from './context.js';
import { sweepImagesUntil } from './images/sweep-images.js';
import { createMetrics } from './metrics/index.js';
import { closeServer, createServer } from './server.js';
import { startSweepingFolders } from './uploads/sweep-folders.js';
import { startSweeping } from './uploads/sweep-uploads.js';

/**
 * Runs the HTTP API: it listens at once, answers images once their model is on this host, and accepts
 * other work once its servers respond.
 */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config.logLevel);
  installTemporalLogger(logger);
  const readiness = createReadiness();
  const tracing = await openTracing('api', config.tracing, logger);
  const stopping = stopOnSignal({ logger, readiness }, 'API stopping');
  const folder = await openOwnFolder(join(config.scratchDir, 'api'));
  const endSweepingFolders = startSweepingFolders(folder.path, logger);
  const metrics = createMetrics();
  metrics.watchReadiness(readiness);
  const { context, provide, provideImages } = createContext({
    ...{ config, logger, readiness, tracing, metrics },
    ...{ folder: folder.path, stopping },
  });
  const server = await createServer(context);
  await server.listen(config.api);
  const stopped = waitForAbort(stopping);
  const opened = await openServices(context);
  provideImages(opened.forImages);
  const services = await Promise.race([connectServices(context, opened), stopped]);
  if (services) {
    provide(services);
    void watchServers({ ...context, ...config.timing }, services.pings, stopping);
    const endSweeping = startSweeping(services, logger);
    const { objects, documents } = services;
    const { keepDays: days } = config.images;
    void sweepImagesUntil(stopping, { objects, images: documents.keptImages, days, logger });
    readiness.ready();
    logger.info({ address: server.listeningOrigin }, 'API ready');
    await stopped;
    endSweeping();
  }
  await closeServer(server);
  await opened.close();
  await services?.close();
  await tracing?.close();
  endSweepingFolders();
  await folder.close();
  process.exit(0);
}

await runProcess(main);
