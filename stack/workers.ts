import { readFrom } from './processes/log-file.js';
import type { Child } from './processes/child.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';
import { dataPaths } from './data-folder.js';
import { WORKER_NAMES, type StackPlan, type WorkerName } from './stack-plan.js';

const TITLES = { video_worker: 'the video worker', detect_worker: 'the detect worker' } as const;

/** The two workers of a stack; none when the plan has none. */
export function createWorkers(
  plan: StackPlan,
  settings: Settings,
  ownEnvironment: NodeJS.ProcessEnv,
): readonly Service[] {
  const { workers } = plan;
  if (!workers) return [];
  const env = { ...ownEnvironment, ...settings };
  return WORKER_NAMES.map((name) => createWorker(plan, name, workers[name], env));
}

function createWorker(
  plan: StackPlan,
  name: WorkerName,
  script: string,
  env: NodeJS.ProcessEnv,
): Service {
  const log = dataPaths(plan.dataDir).log(name);
  return {
    name,
    title: TITLES[name],
    command: process.execPath,
    args: ['--enable-source-maps', script],
    env,
    address: `127.0.0.1:${plan.ports.temporal}`,
    readyTimeoutMs: 180_000,
    graceMs: 20_000,
    probe: (child) => saidReady(log, child),
  };
}

/** Whether the child has logged the line that says that it polls. */
async function saidReady(log: string, child: Child): Promise<boolean> {
  const text = (await readFrom(log, child.logOffset)).toString();
  return text.split('\n').some((line) => messageIn(line) === 'worker ready');
}

function messageIn(line: string): unknown {
  if (!line.includes('"worker ready"')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'msg' in entry ? entry.msg : undefined;
  } catch {
    return undefined;
  }
}
