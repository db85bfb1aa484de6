import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { initialise } from '../../cli/initialise.js';
import { readConfig } from '../../config/index.js';
import { type Settings, type StartedServers, startServers } from '../../stack/index.js';
import { type ConnectedStack, connectTo } from './connected-stack.js';
import { startWorkers, type TestWorkers, WORKER_NAMES, type WorkerName } from './workers.js';

/** Servers and workers of one test file, in a separate folder and on separate ports. */
export interface TestStack extends ConnectedStack {
  readonly workers: TestWorkers;
  readonly servers: Omit<StartedServers, 'stop'>;
  readonly close: (options?: { readonly keepFolder?: boolean }) => Promise<void>;
}

const LANES = '2';
/** Short waits; no test depends on their length. */
const TIMING = { retryMs: 500, sweepMs: 500, sightingsMs: 1000, cacheMs: 1000 };

/**
 * Starts servers, prepares them as `vidette init` does, and starts workers.
 * @param temporalConfig Entries of Temporal's dynamic configuration, `key=value` each.
 * @param modelsDir Folder of the model file; by default the one that the global set-up provides.
 * @param workers default: those that jobs need.
 */
export async function startStack(
  variables: Settings = {},
  temporalConfig: readonly string[] = [],
  modelsDir: string = inject('modelsDir'),
  workers: readonly WorkerName[] = WORKER_NAMES,
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  const cleanUps: (() => Promise<unknown>)[] = [];
  const close: TestStack['close'] = async ({ keepFolder = false } = {}) => {
    const failures: unknown[] = [];
    for (const cleanUp of cleanUps.reverse())
      await cleanUp().catch((e: unknown) => failures.push(e));
    if (!keepFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (failures.length > 0) throw new AggregateError(failures, 'The test stack did not end well');
  };
  const settings = {
    VIDETTE_LANES: LANES,
    VIDETTE_MODELS_DIR: modelsDir,
    VIDETTE_TEST_TIMING: JSON.stringify(TIMING),
    ...variables,
  };
  try {
    const parts = { folder, variables: settings, temporalConfig, workerNames: workers };
    return { ...(await startParts(parts, cleanUps)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly folder: string;
  readonly variables: Settings;
  readonly temporalConfig: readonly string[];
  readonly workerNames: readonly WorkerName[];
}

/** Starts the parts one after another and adds the function that ends each to `cleanUps`. */
async function startParts(
  { folder, variables, temporalConfig, workerNames }: Parts,
  cleanUps: (() => Promise<unknown>)[],
): Promise<Omit<TestStack, 'close'>> {
  const base = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  const servers = await startServers({ config: base, onStep: () => undefined, temporalConfig });
  cleanUps.push(() => servers.stop());
  const settings = { ...servers.settings, ...variables };
  await initialise(readConfig(settings), () => undefined);
  const workers = await startWorkers(folder, settings, workerNames);
  cleanUps.push(() => workers.stop());
  const { close, ...connected } = await connectTo(settings, folder);
  cleanUps.push(close);
  return { ...connected, servers, workers };
}
