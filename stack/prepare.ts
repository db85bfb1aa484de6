import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/index.js';
import { ensureCredentials } from './credentials.js';
import { dataPaths, makeDataFolder } from './data-folder.js';
import { endLeftovers } from './supervisor/leftovers.js';
import type { OnStep } from './on-step.js';
import { choosePorts } from './ports.js';
import { chosenModel } from './model-sources/chosen-model.js';
import { pullModel } from './model-sources/pull-model.js';
import { projectFile } from '../platform/package-root.js';
import type { StackPlan, WorkerName } from './supervisor/stack-plan.js';
import { findTools, type DocumentStoreKind } from './tools/index.js';

/** Scripts that a stack runs with Node, by absolute path. */
export interface EntryPoints {
  /** Prepares the stores before the workers start; null for none. */
  readonly init: string | null;
  readonly workers: Readonly<Record<WorkerName | 'api', string>>;
}

export interface PrepareOptions {
  readonly config: Config;
  readonly onStep: OnStep;
  /** Whether the two workers run beside the three servers. */
  readonly workers?: boolean;
  readonly entryPoints?: EntryPoints;
  /** False for ports that collide with nothing, such as in tests. */
  readonly preferWellKnownPorts?: boolean;
}

function builtEntryPoints(): EntryPoints {
  return {
    init: projectFile('dist/cli/init-main.js'),
    workers: {
      video_worker: projectFile('dist/workers/video/main.js'),
      detect_worker: projectFile('dist/workers/detect/main.js'),
      api: projectFile('dist/api/main.js'),
    },
  };
}

/** Makes ready what a supervisor needs; the caller holds the lock and no supervisor is alive. */
export async function prepareStack(options: PrepareOptions): Promise<StackPlan> {
  const { config, onStep, workers = true, preferWellKnownPorts = true } = options;
  const entryPoints = options.entryPoints ?? builtEntryPoints();
  const dataDir = resolve(config.dataDir);
  const scratchDir = resolve(config.scratchDir);
  const paths = dataPaths(dataDir);
  await makeDataFolder(dataDir, scratchDir);
  await endLeftovers(dataDir, onStep);
  const tools = await findTools({ config, onStep, documentStoreKind: kindOf(paths.documents) });
  const ports = await choosePorts({
    path: paths.ports,
    preferWellKnown: preferWellKnownPorts,
    onStep,
  });
  await ensureCredentials(paths.credentials);
  // Here, where people see its licence and how long it takes; `init` finds it.
  if (workers && !options.entryPoints && !(await chosenModel(config))) {
    await pullModel({ config, onStep });
  }
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

/** The document store that a data folder was made with; undefined for a new one. */
function kindOf(documents: string): DocumentStoreKind | undefined {
  return (['ferretdb', 'mongod'] as const).find((kind) => existsSync(join(documents, kind)));
}
