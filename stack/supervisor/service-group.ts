import { linkToParent } from '../../platform/parent-death.js';
import { dataPaths } from '../data-folder.js';
import type { OnStep } from '../on-step.js';
import type { Service } from './service.js';
import type { ServiceName, StackPlan } from './stack-plan.js';
import type { ServiceRecord } from './stack-state.js';
import { superviseService, type SupervisedService } from './supervise-service.js';

interface GroupOptions {
  readonly plan: StackPlan;
  readonly onStep: OnStep;
  readonly onChange: () => void;
}

/** The services of a stack that one process supervises. */
export interface ServiceGroup {
  records(): Partial<Record<ServiceName, ServiceRecord>>;
  /** Starts services that are not running and waits until all are ready. */
  start(services: readonly Service[]): Promise<void>;
  /** Stops one service until it is started again. */
  halt(name: ServiceName): Promise<void>;
  /** Stops all services in reverse start order. */
  stop(): Promise<void>;
}

/** Supervises services; they end with this process if the platform supports that. */
export async function createServiceGroup(options: GroupOptions): Promise<ServiceGroup> {
  const wrapper = await linkToParent('TERM', options.plan.searchPath);
  const started = new Map<ServiceName, SupervisedService>();
  const startOne = (service: Service): SupervisedService => {
    const running = started.get(service.name);
    running?.retry();
    const supervised = running ?? superviseService(service, superviseOptions(service));
    started.set(service.name, supervised);
    return supervised;
  };
  const superviseOptions = (service: Service) => ({
    cwd: options.plan.dataDir,
    logPath: dataPaths(options.plan.dataDir).log(service.name),
    wrapper,
    onChange: (record: ServiceRecord) => {
      options.onStep(describeChange(service, record));
      options.onChange();
    },
  });
  return {
    records: () =>
      Object.fromEntries([...started].map(([name, supervised]) => [name, supervised.record()])),
    start: async (services) => {
      await Promise.all(services.map((service) => startOne(service).ready()));
    },
    halt: async (name) => {
      await started.get(name)?.stop();
      started.delete(name);
    },
    stop: async () => {
      for (const supervised of [...started.values()].reverse()) await supervised.stop();
    },
  };
}

function describeChange(
  { title }: Service,
  { state, address, process, restarts }: ServiceRecord,
): string {
  if (state === 'running') return `${title} is running at ${address}.`;
  if (state === 'failed') return `${title} failed to start.`;
  if (state === 'stopped') return `${title} has stopped.`;
  if (process === null) return `${title} exited; restarting it.`;
  return restarts > 0 ? `Restarting ${title}.` : `Starting ${title} (a few seconds).`;
}
