import { resolve } from 'node:path';
import type { Config } from '../config/index.js';
import { notReadyReason } from './supervisor/ask-health.js';
import { readCredentials } from './credentials.js';
import { dataPaths } from './data-folder.js';
import { isAlive } from './supervisor/identity.js';
import { settingsOf, type Settings } from './settings.js';
import { SERVER_NAMES, SERVICE_NAMES, type ServiceName } from './supervisor/stack-plan.js';
import { isSupervised, readStackState, type StackState } from './supervisor/stack-state.js';

/** One process of a stack. */
export interface ServiceStatus {
  readonly pid: number | null;
  /** `host:port`; for a worker, that of the Temporal server that it polls. */
  readonly address: string | null;
  /** `not ready`: it runs but does not accept work. */
  readonly state: 'running' | 'not ready' | 'starting' | 'stopped' | 'failed';
  /** Reason why it is not ready, and what to do. */
  readonly reason?: string;
  /** Time at which it entered this state, ISO 8601; null if it never ran. */
  readonly since: string | null;
  /** URL of its Web UI. */
  readonly ui?: string;
}

export type StackStatus = Readonly<Record<ServiceName, ServiceStatus>>;

/** Returns the status of each service of a data folder's stack, checked against the process table. */
export async function stackStatus(config: Config): Promise<StackStatus> {
  const state = await readStackState(resolve(config.dataDir));
  const entries = SERVICE_NAMES.map(async (name) => {
    const status = statusOf(state, name);
    return [name, await withReadiness(status, state?.services[name]?.health)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<ServiceName, ServiceStatus>; // has every name
}

async function withReadiness(
  status: ServiceStatus,
  health: string | undefined,
): Promise<ServiceStatus> {
  if (status.state !== 'running' || health === undefined) return status;
  const reason = await notReadyReason(health);
  return reason === undefined ? status : { ...status, state: 'not ready', reason };
}

function statusOf(state: StackState | undefined, name: ServiceName): ServiceStatus {
  const record = state?.services[name];
  if (!state || !record) return { pid: null, address: null, state: 'stopped', since: null };
  const { address, since, ui, process } = record;
  const common = { address, since, ...(ui === undefined ? {} : { ui }) };
  if (process && isAlive(process)) return { pid: process.pid, ...common, state: record.state };
  if (record.state === 'failed') return { pid: null, ...common, state: 'failed' };
  // A live supervisor is about to restart it.
  const isRestarting = isSupervised(state) && record.state !== 'stopped';
  return { pid: null, ...common, state: isRestarting ? 'starting' : 'stopped' };
}

/** Environment variables for `readConfig` that select the running stack; undefined if none runs. */
export async function stackSettings(config: Config): Promise<Settings | undefined> {
  const dataDir = resolve(config.dataDir);
  const state = await readStackState(dataDir);
  const credentials = await readCredentials(dataPaths(dataDir).credentials);
  if (!state || !credentials) return undefined;
  const isRunning = SERVER_NAMES.every((name) => {
    const process = state.services[name]?.process;
    return process && isAlive(process);
  });
  return isRunning ? settingsOf(state.plan, credentials) : undefined;
}

/** URLs of the Web UIs of a stack. */
export interface WebAddresses {
  readonly temporal: string;
  readonly object_store: string;
  /** Page and HTTP API of Vidette; null if the API does not run. */
  readonly api: string | null;
}

/** Returns the URLs of the Web UIs; undefined if no stack runs. */
export async function webAddresses(config: Config): Promise<WebAddresses | undefined> {
  const status = await stackStatus(config);
  const { ui: temporal } = status.temporal;
  const { ui: object_store } = status.object_store;
  const isRunning = status.temporal.pid !== null && status.object_store.pid !== null;
  if (!isRunning || temporal === undefined || object_store === undefined) return undefined;
  const api = status.api.pid === null ? null : (status.api.ui ?? null);
  return { temporal, object_store, api };
}
