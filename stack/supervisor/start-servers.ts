import { resolve } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { ensureCredentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import { prepareStack, type PrepareOptions } from '../prepare.js';
import { isSupervised, readStackState } from './stack-state.js';
import { createServers } from '../servers/index.js';
import { createUiGuard } from '../servers/ui-guard.js';
import { createServiceGroup } from './service-group.js';
import { settingsOf, type Settings } from '../settings.js';
import type { ServerName } from './stack-plan.js';

const MAX_ATTEMPTS = 3;
/** Error of a server if another program took its port after it was chosen. */
const PORT_TAKEN = /already in use/i;

export interface StartServersOptions extends Pick<PrepareOptions, 'config' | 'onStep'> {
  /** Additional dynamic configuration of Temporal, as `key=value`. */
  readonly temporalConfig?: readonly string[];
}

export interface StartedServers {
  readonly settings: Settings;
  /** Current process ids of the servers; a restarted server has a new one. */
  pids(): Readonly<Record<ServerName, number | undefined>>;
  /** Stops one server until it is resumed. */
  halt(name: ServerName): Promise<void>;
  /** Restarts a halted server with the same port and data; resolves when it is ready. */
  resume(name: ServerName): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the three servers for tests, supervised by this process, with the given data folder and on
 * free ports. They are restarted if they crash, and end with this process.
 */
export async function startServers(options: StartServersOptions): Promise<StartedServers> {
  await expectNotRunning(options.config.dataDir);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !PORT_TAKEN.test(messageOf(error))) throw error;
    }
  }
}

async function startOnce(options: StartServersOptions): Promise<StartedServers> {
  const plan = await prepareStack({ ...options, workers: false, preferWellKnownPorts: false });
  const credentials = await ensureCredentials(dataPaths(plan.dataDir).credentials);
  const { onStep } = options;
  const group = await createServiceGroup({ plan, onStep, onChange: () => undefined });
  const servers = createServers(plan, credentials, options.temporalConfig);
  const uiGuard = createUiGuard(plan.ports);
  const stop = async () => {
    await group.stop();
    await uiGuard.close();
  };
  try {
    await uiGuard.open();
    await group.start(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  const pidOf = (name: ServerName) => group.records()[name]?.process?.pid;
  return {
    settings: settingsOf(plan, credentials),
    pids: () => ({
      temporal: pidOf('temporal'),
      object_store: pidOf('object_store'),
      document_store: pidOf('document_store'),
    }),
    halt: (name) => group.halt(name),
    resume: (name) => group.start(servers.filter((server) => server.name === name)),
    stop,
  };
}

async function expectNotRunning(dataDir: string): Promise<void> {
  const state = await readStackState(resolve(dataDir));
  if (!state || !isSupervised(state)) return;
  throw new AppError(
    'SETUP_FAILED',
    `A stack is already running on ${dataDir}; use another folder.`,
  );
}
