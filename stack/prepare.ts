import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { allOrFail } from './all-or-fail.js';
import type { Confirm } from './consent.js';
import { ensureCredentials } from './credentials.js';
import { dataPaths, makeDataFolder } from './data-folder.js';
import { endLeftovers } from './supervisor/leftovers.js';
import type { OnStep } from './on-step.js';
import { choosePorts } from './ports.js';
import { chosenModel } from './model-sources/chosen-model.js';
import { pullModel } from './model-sources/pull-model.js';
import { projectFile } from '../platform/package-root.js';
import type { StackPlan, WorkerName } from './supervisor/stack-plan.js';
import { chooseMetadata } from './servers/object-metadata.js';
import { storeKinds } from './store-kinds.js';
import { findTools } from './tools/index.js';

/** Absolute paths of the scripts that a stack runs with Node. */
export interface EntryPoints {
  /** Script that prepares the stores before the workers start; null for none. */
  readonly init: string | null;
  readonly workers: Readonly<Record<WorkerName | 'api', string>>;
}

export interface PrepareOptions {
  readonly config: Config;
  readonly onStep: OnStep;
  /** Default: what the environment allows. */
  readonly confirm?: Confirm;
  /** Whether the workers and the API run in addition to the servers; default: true. */
  readonly workers?: boolean;
  readonly entryPoints?: EntryPoints;
  /** Whether the well-known ports are tried first; default: true. */
  readonly preferWellKnownPorts?: boolean;
}

function builtEntryPoints(): EntryPoints {
  return {
    init: projectFile('dist/cli/init-main.js'),
    workers: {
      video_worker: projectFile('dist/workers/video/main.js'),
      detect_worker: projectFile('dist/workers/detect/main.js'),
      stream_worker: projectFile('dist/workers/stream/main.js'),
      api: projectFile('dist/api/main.js'),
    },
  };
}

/** Prepares everything a supervisor needs. The caller holds the lock, and no supervisor is alive. */
export async function prepareStack(options: PrepareOptions): Promise<StackPlan> {
  const { config, onStep, confirm, workers = true, preferWellKnownPorts = true } = options;
  const entryPoints = options.entryPoints ?? builtEntryPoints();
  const dataDir = resolve(config.dataDir);
  const scratchDir = resolve(config.scratchDir);
  const paths = dataPaths(dataDir);
  await makeDataFolder(dataDir, scratchDir);
  expectNotRestoring(paths.restoring);
  await endLeftovers(dataDir, onStep);
  const kinds = storeKinds(dataDir);
  const needsModel = workers && !options.entryPoints && !(await chosenModel(config));
  // Pulled here rather than in `init`, so that the user sees its licence and the progress.
  const [tools] = await allOrFail(
    findTools({ config, onStep, confirm, kinds }),
    needsModel ? pullModel({ config, onStep, confirm }) : Promise.resolve(undefined),
  );
  if (kinds.objectStore === undefined) await chooseMetadata(tools.objectStore, paths);
  const ports = await choosePorts({
    path: paths.ports,
    preferWellKnown: preferWellKnownPorts,
    onStep,
  });
  await ensureCredentials(paths.credentials);
  return {
    dataDir,
    scratchDir,
    searchPath: config.tools.searchPath,
    tools,
    ports,
    ...(config.model !== undefined && { model: config.model }),
    workerHeapMb: config.workerHeapMb,
    init: entryPoints.init,
    workers: workers ? entryPoints.workers : null,
  };
}

function expectNotRestoring(restoring: string): void {
  if (!existsSync(restoring)) return;
  throw new AppError(
    'SETUP_FAILED',
    `A restore was interrupted: ${restoring} exists. Run "vidette restore" again.`,
  );
}
