import { isReady } from './ask-health.js';
import { freePort } from '../ports.js';
import type { Service } from './service.js';
import type { Settings } from '../settings.js';
import { WORKER_NAMES, type StackPlan, type WorkerName } from './stack-plan.js';

const TITLES = {
  video_worker: 'the video worker',
  detect_worker: 'the detect worker',
} as const;

const HEALTH_HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 180_000;
const GRACE_MS = 20_000;

interface WorkerSettings {
  readonly settings: Settings;
  /** Signs webhooks where the user's environment has no other secret. */
  readonly webhookSecret: string;
}

/** The workers of a stack, each with a port for its health, and the API; none when the plan has none. */
export async function createWorkers(
  plan: StackPlan,
  { settings, webhookSecret }: WorkerSettings,
  ownEnvironment: NodeJS.ProcessEnv,
): Promise<readonly Service[]> {
  const { workers } = plan;
  if (!workers) return [];
  const { VIDETTE_WEBHOOK_SECRET: own } = ownEnvironment;
  const env = {
    ...{ ...ownEnvironment, ...settings },
    VIDETTE_WEBHOOK_SECRET: own === undefined || own === '' ? webhookSecret : own,
  };
  const taken = new Set(Object.values(plan.ports));
  const services: Service[] = [];
  for (const name of WORKER_NAMES) {
    const healthPort = await freePort(taken);
    taken.add(healthPort);
    services.push(createWorker(plan, { name, script: workers[name], healthPort }, env));
  }
  return [...services, createApi(plan, workers.api, env)];
}

function createApi(plan: StackPlan, script: string, env: NodeJS.ProcessEnv): Service {
  const { api: port } = plan.ports;
  const page = `http://${HEALTH_HOST}:${port}`;
  const health = `${page}/readyz`;
  return {
    name: 'api',
    title: 'the HTTP API',
    command: process.execPath,
    args: [...heapArgs(plan), '--enable-source-maps', script],
    env: { ...env, VIDETTE_API_HOST: HEALTH_HOST, VIDETTE_API_PORT: String(port) },
    health,
    address: `${HEALTH_HOST}:${port}`,
    ui: page,
    readyTimeoutMs: READY_TIMEOUT_MS,
    graceMs: GRACE_MS,
    probe: () => isReady(health),
  };
}

interface WorkerOptions {
  readonly name: WorkerName;
  readonly script: string;
  readonly healthPort: number;
}

function createWorker(
  plan: StackPlan,
  { name, script, healthPort }: WorkerOptions,
  env: NodeJS.ProcessEnv,
): Service {
  const health = `http://${HEALTH_HOST}:${healthPort}/readyz`;
  return {
    name,
    title: TITLES[name],
    command: process.execPath,
    // Lanes get the same arguments from the worker that starts them.
    args: [...heapArgs(plan), '--enable-source-maps', script],
    env: { ...env, VIDETTE_HEALTH_HOST: HEALTH_HOST, VIDETTE_HEALTH_PORT: String(healthPort) },
    health,
    address: `127.0.0.1:${plan.ports.temporal}`,
    readyTimeoutMs: READY_TIMEOUT_MS,
    graceMs: GRACE_MS,
    probe: () => isReady(health),
  };
}

function heapArgs({ workerHeapMb }: StackPlan): readonly string[] {
  return workerHeapMb === 0 ? [] : [`--max-old-space-size=${workerHeapMb}`];
}
