import { resolve } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { ensureCredentials } from '../credentials.js';
import { dataPaths } from '../data-folder.js';
import { prepareStack, type PrepareOptions } from '../prepare.js';
import { isSupervised, readStackState } from './stack-state.js';
import { createServers } from '../servers/index.js';
import { createServiceGroup } from './service-group.js';
import { settingsOf, type Settings } from '../settings.js';
import type { ServerName } from './stack-plan.js';

const STARTS = 3;
/** As the servers say it: another program took a port between its choice and its use. */
const PORT_TAKEN = /already in use/i;

export interface StartServersOptions extends Pick<PrepareOptions, 'config' | 'onStep'> {
  /** More of Temporal's dynamic configuration, `key=value` each. */
  readonly temporalConfig?: readonly string[];
}

export interface StartedServers {
  readonly settings: Settings;
  /** Process ids of the servers as they are now; a server that was ended gets a new one. */
  pids(): Readonly<Record<ServerName, number | undefined>>;
  /** Ends one server, which stays so until it is resumed. */
  halt(name: ServerName): Promise<void>;
  /** Starts a halted server again, on its port and data; resolves when it is ready. */
  resume(name: ServerName): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the three servers in this process, on a data folder of their own and on free ports, for
 * tests. They are restarted when they die, and end with this process.
 */
export async function startServers(options: StartServersOptions): Promise<StartedServers> {
  await refuseRunning(options.config.dataDir);
  for (let start = 1; ; start++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (start === STARTS || !PORT_TAKEN.test(messageOf(error))) throw error;
    }
  }
}

async function startOnce(options: StartServersOptions): Promise<StartedServers> {
  const plan = await prepareStack({ ...options, workers: false, preferWellKnownPorts: false });
  const credentials = await ensureCredentials(dataPaths(plan.dataDir).credentials);
  const { onStep } = options;
  const group = await createServiceGroup({ plan, onStep, onChange: () => undefined });
  const servers = createServers(plan, credentials, options.temporalConfig);
  try {
    await group.start(servers);
  } catch (error) {
    await group.stop();
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
    stop: () => group.stop(),
  };
}

async function refuseRunning(dataDir: string): Promise<void> {
  const state = await readStackState(resolve(dataDir));
  if (!state || !isSupervised(state)) return;
  throw new AppError('SETUP_FAILED', `A stack already runs on ${dataDir}; take another folder.`);
}
