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
} as const;

export type WorkerName = keyof typeof SCRIPTS;
export const WORKER_NAMES = Object.keys(SCRIPTS) as WorkerName[];

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
  /** Returns the response of a worker's `/readyz`. */
  readyz(name: WorkerName): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
}

export interface LogRecord {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts both workers of a data folder and waits until they poll. */
export async function startWorkers(folder: string, settings: Settings): Promise<TestWorkers> {
  const env = { ...ownEnvironment(), ...settings };
  const wrapper = await linkToParent('TERM', env.PATH ?? '');
  const logPath = (name: WorkerName) => join(folder, 'logs', `${name}.log`);
  const host = '127.0.0.1';
  const ports = { video_worker: await getPort({ host }), detect_worker: await getPort({ host }) };
  const readyUrl = (name: WorkerName) => `http://${host}:${ports[name]}/readyz`;
  const start = (name: WorkerName) =>
    superviseService(
      serviceOf(name, { ...env, VIDETTE_HEALTH_PORT: String(ports[name]) }, readyUrl(name)),
      {
        cwd: folder,
        logPath: logPath(name),
        wrapper,
        onChange: () => undefined,
      },
    );
  const services = { video_worker: start('video_worker'), detect_worker: start('detect_worker') };
  const ready = async () => {
    await Promise.all(Object.values(services).map((service) => service.ready()));
  };
  await ready();
  return {
    ready,
    pid: (name) => pidOf(services[name]),
    kill9: (name) => process.kill(pidOf(services[name]), 'SIGKILL'),
    restarted: async (name, formerPid) => {
      while (services[name].record().process?.pid === formerPid) await pause();
      await services[name].ready();
    },
    log: (name) => readLog(logPath(name)),
    readyz: async (name) => {
      const response = await fetch(readyUrl(name));
      return { status: response.status, body: await response.json() };
    },
    stop: async () => {
      await Promise.all(Object.values(services).map((service) => service.stop()));
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
