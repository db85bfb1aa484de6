import { readConfig } from '../config.js';
import { createLogger } from '../workers/logger.js';
import { createReadiness } from '../workers/readiness.js';
import { connectServices } from './connect.js';
import { createContext } from './context.js';
import { createMetrics } from './metrics.js';
import { createServer } from './server.js';
import { startSweeping } from './uploads/sweep-uploads.js';

/** Requests that are being answered get so long to end. */
const SHUTDOWN_GRACE_MS = 10_000;

/** The HTTP API: it answers at once, and takes work once its servers are there. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config.logLevel);
  const readiness = createReadiness();
  const own = { config, logger, readiness, metrics: createMetrics() };
  const { context, provide } = createContext(own);
  const server = await createServer(context);
  await server.listen(config.api);
  const stopped = new Promise<void>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      logger.info({ signal }, 'API stops');
      readiness.notReady('is stopping');
      resolve();
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
  const services = await Promise.race([connectServices(context), stopped]);
  if (services) {
    provide(services);
    const endSweeping = startSweeping(services, logger);
    readiness.ready();
    logger.info({ address: server.listeningOrigin }, 'API ready');
    await stopped;
    endSweeping();
  }
  setTimeout(() => process.exit(0), SHUTDOWN_GRACE_MS).unref();
  await server.close();
  await services?.close();
  process.exit(0);
}

await main();
