import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Watch } from '../kubectl.js';
import { countReady, type Pod, podSchema } from './pods.js';
import { listPods } from './read-state.js';
import type { Scenario } from './scenario.js';

const POLL_MS = 100;

/** What happened to the pods of a namespace. */
export interface Recording {
  /** Smallest number of ready pods at any time, by component. */
  readonly fewest: ReadonlyMap<string, number>;
  /** For each pod that ended and was behind a Service: how long it was there without requests, in ms. */
  readonly idleMs: ReadonlyMap<string, number>;
}

/** Records the pods of a namespace and the endpoints of its Services while something is done. */
export async function recordPods(
  scenario: Scenario,
  action: () => Promise<void>,
): Promise<Recording> {
  const [pods, endpoints] = [watchPods(scenario), watchEndpoints(scenario)];
  try {
    const { length } = await listPods(scenario);
    while (pods.size() < length) await sleep(POLL_MS);
    pods.start();
    await action();
    return { fewest: pods.fewest, idleMs: durationsBetween(endpoints.removedAt, pods.endedAt) };
  } finally {
    await Promise.all([pods.stop(), endpoints.stop()]);
  }
}

function watchPods({ kubectl, namespace }: Scenario) {
  const pods = new Map<string, Pod>();
  const fewest = new Map<string, number>();
  const endedAt = new Map<string, number>();
  let isStarted = false;
  const watch = kubectl.watch(`/api/v1/namespaces/${namespace}/pods`, ({ type, object }) => {
    const pod = podSchema.parse(object);
    if (type === 'DELETED') pods.delete(pod.name);
    else pods.set(pod.name, pod);
    if (!isStarted) return;
    if (type === 'DELETED') endedAt.set(pod.name, performance.now());
    const ready = countReady(pods.values());
    // A component without any pod is not among the counts.
    for (const name of new Set([...fewest.keys(), ...ready.keys()])) {
      const count = ready.get(name) ?? 0;
      fewest.set(name, Math.min(fewest.get(name) ?? count, count));
    }
  });
  return {
    ...{ fewest, endedAt, size: () => pods.size, stop: () => watch.stop() },
    start: () => {
      isStarted = true;
      for (const [name, count] of countReady(pods.values())) fewest.set(name, count);
    },
  };
}

const sliceSchema = z.object({
  metadata: z.object({ name: z.string() }),
  endpoints: z
    .array(
      z.object({
        conditions: z.object({ ready: z.boolean().default(true) }),
        targetRef: z.object({ name: z.string() }),
      }),
    )
    .nullish()
    .transform((endpoints) => endpoints ?? []),
});

/** Watches which pods get requests of Services. */
function watchEndpoints({ kubectl, namespace }: Scenario) {
  const ready = new Map<string, ReadonlySet<string>>();
  const removedAt = new Map<string, number>();
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const watch: Watch = kubectl.watch(path, ({ object }) => {
    const { metadata, endpoints } = sliceSchema.parse(object);
    const now = new Set(
      endpoints.filter(({ conditions }) => conditions.ready).map(({ targetRef }) => targetRef.name),
    );
    for (const name of ready.get(metadata.name) ?? []) {
      if (!now.has(name)) removedAt.set(name, performance.now());
    }
    ready.set(metadata.name, now);
  });
  return { removedAt, stop: () => watch.stop() };
}

function durationsBetween(
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const both = [...from].flatMap(([name, time]): [string, number][] => {
    const end = to.get(name);
    return end === undefined ? [] : [[name, end - time]];
  });
  return new Map(both);
}
