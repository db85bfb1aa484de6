import { isReady } from './ask-health.js';
import { fileRootOf } from '../file-root.js';
import { freePort } from '../ports.js';
import type { Service } from './service.js';
import type { Settings } from '../settings.js';
import { WORKER_NAMES, type StackPlan, type WorkerName } from './stack-plan.js';

const TITLES = {
  video_worker: 'the video worker',
  detect_worker: 'the detect worker',
  stream_worker: 'the stream worker',
} as const;

const HEALTH_HOST = '127.0.0.1';
/** Days for which a local stack keeps images of predictions, unless the environment sets others. */
const KEEP_PICTURES_DAYS = '30';
const READY_TIMEOUT_MS = 180_000;
const GRACE_MS = 20_000;

interface WorkerSettings {
  readonly settings: Settings;
  /** Secret for webhooks if the user's environment does not set one. */
  readonly webhookSecret: string;
}

/** Creates the workers of a stack, each with a health port, and the API; empty if the plan has none. */
export async function createWorkers(
  plan: StackPlan,
  { settings, webhookSecret }: WorkerSettings,
  ownEnvironment: NodeJS.ProcessEnv,
): Promise<readonly Service[]> {
  const { workers } = plan;
  if (!workers) return [];
  const { VIDETTE_WEBHOOK_SECRET: userSecret, VIDETTE_PAGE_URL: pageUrl } = ownEnvironment;
  const { VIDETTE_FILE_ROOT: fileRoot, VIDETTE_KEEP_PICTURES_DAYS: keepDays } = ownEnvironment;
  const env = {
    ...{ ...ownEnvironment, ...settings },
    VIDETTE_PAGE_URL: valueOr(pageUrl, `http://${HEALTH_HOST}:${plan.ports.api}`),
    VIDETTE_WEBHOOK_SECRET: valueOr(userSecret, webhookSecret),
    VIDETTE_KEEP_PICTURES_DAYS: valueOr(keepDays, KEEP_PICTURES_DAYS),
    VIDETTE_FILE_ROOT: fileRootOf(plan.dataDir, fileRoot),
  };
  const taken = new Set(Object.values(plan.ports));
  const services: Service[] = [];
  for (const name of WORKER_NAMES) {
    const script = workers[name];
    if (script === undefined) continue;
    const healthPort = await freePort(taken);
    taken.add(healthPort);
    services.push(createWorker(plan, { name, script, healthPort }, env));
  }
  return [...services, createApi(plan, workers.api, env)];
}

/** Value of an environment variable; an empty one counts as unset. */
function valueOr(value: string | undefined, fallback: string): string {
  return value === undefined || value === '' ? fallback : value;
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
    // A worker passes the same arguments to its lanes.
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
