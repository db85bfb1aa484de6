import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { linkToParent } from '../../platform/parent-death.js';
import { projectFile } from '../../platform/package-root.js';
import { isReady } from '../../stack/supervisor/ask-health.js';
import type { Service } from '../../stack/supervisor/service.js';
import {
  type SupervisedService,
  superviseService,
} from '../../stack/supervisor/supervise-service.js';
import type { Settings } from '../../stack/settings.js';

const SCRIPTS = {
  video_worker: 'dist/workers/video/main.js',
  detect_worker: 'dist/workers/detect/main.js',
  stream_worker: 'dist/workers/stream/main.js',
} as const;

export type WorkerName = keyof typeof SCRIPTS;
/** Workers that jobs need. */
export const WORKER_NAMES = ['video_worker', 'detect_worker'] as const;
/** Workers that jobs and cameras need. */
export const ALL_WORKERS = [...WORKER_NAMES, 'stream_worker'] as const;

/** The compiled workers as processes that are restarted when they exit. */
export interface TestWorkers {
  pid(name: WorkerName): number;
  /** Kills a worker as a crash would; its supervisor restarts it. */
  kill9(name: WorkerName): void;
  /** Resolves when the worker runs as another process than the given one. */
  restarted(name: WorkerName, formerPid: number): Promise<void>;
  /** Resolves when all run. */
  ready(): Promise<void>;
  /** Returns the log records of a worker. */
  log(name: WorkerName): Promise<readonly LogRecord[]>;
  /** Returns the URL of a worker's health server, without a slash at its end. */
  healthUrl(name: WorkerName): string;
  /** Returns the response of a worker's `/readyz`. */
  readyz(name: WorkerName): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
}

export interface LogRecord {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts workers of a data folder and waits until they poll. */
export async function startWorkers(
  folder: string,
  settings: Settings,
  names: readonly WorkerName[] = WORKER_NAMES,
): Promise<TestWorkers> {
  const env = { ...ownEnvironment(), ...settings };
  const wrapper = await linkToParent('TERM', env.PATH ?? '');
  const logPath = (name: WorkerName) => join(folder, 'logs', `${name}.log`);
  const host = '127.0.0.1';
  const ports = new Map<WorkerName, number>();
  const services = new Map<WorkerName, SupervisedService>();
  const healthUrl = (name: WorkerName) => `http://${host}:${ports.get(name)}`;
  const readyUrl = (name: WorkerName) => `${healthUrl(name)}/readyz`;
  for (const name of names) {
    const port = await getPort({ host });
    ports.set(name, port);
    const service = serviceOf(name, { ...env, VIDETTE_HEALTH_PORT: String(port) }, readyUrl(name));
    const output = { cwd: folder, logPath: logPath(name), wrapper, onChange: () => undefined };
    services.set(name, superviseService(service, output));
  }
  const serviceNamed = (name: WorkerName) => {
    const service = services.get(name);
    if (!service) throw new Error(`${name} was not started`);
    return service;
  };
  const ready = async () => {
    await Promise.all([...services.values()].map((service) => service.ready()));
  };
  await ready();
  return {
    ready,
    healthUrl,
    pid: (name) => pidOf(serviceNamed(name)),
    kill9: (name) => process.kill(pidOf(serviceNamed(name)), 'SIGKILL'),
    restarted: async (name, formerPid) => {
      while (serviceNamed(name).record().process?.pid === formerPid) await pause();
      await serviceNamed(name).ready();
    },
    log: (name) => readLog(logPath(name)),
    readyz: async (name) => {
      const response = await fetch(readyUrl(name));
      return { status: response.status, body: await response.json() };
    },
    stop: async () => {
      await Promise.all([...services.values()].map((service) => service.stop()));
    },
  };
}

function serviceOf(name: WorkerName, env: NodeJS.ProcessEnv, health: string): Service {
  return {
    name,
    title: name,
    command: process.execPath,
    args: ['--enable-source-maps', projectFile(SCRIPTS[name])],
    env,
    address: '',
    readyTimeoutMs: 60_000,
    graceMs: 20_000,
    probe: () => isReady(health),
  };
}

async function readLog(path: string): Promise<LogRecord[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogRecord);
}

function pidOf(service: SupervisedService): number {
  const { pid } = service.record().process ?? {};
  if (pid === undefined) throw new Error(`${service.service.name} does not run`);
  return pid;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
