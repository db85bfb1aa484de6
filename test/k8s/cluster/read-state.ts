import { z } from 'zod';
import { COMPONENT, type Pod, podSchema } from './pods.js';
import type { Scenario } from './scenario.js';

/** Kinds of workloads. */
export const KINDS = ['Deployment', 'StatefulSet', 'Job'];

const condition = z.object({
  ...{ type: z.string(), status: z.string(), message: z.string().default('') },
});

const workloadSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), generation: z.number().default(0) }),
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({
    observedGeneration: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    succeeded: z.number().default(0),
    conditions: z.array(condition).default([]),
  }),
});
const itemsSchema = z.object({ items: z.array(z.looseObject({ kind: z.string() })) });

export type WorkloadState = z.infer<typeof workloadSchema>;

/** Workloads of a namespace, and its pods except those of the Job. */
export async function readState(scenario: Scenario) {
  const kinds = [...KINDS, 'Pod'].join(',').toLowerCase();
  const { items } = itemsSchema.parse(
    JSON.parse(await scenario.run('get', kinds, '--output', 'json')),
  );
  const isPod = ({ kind }: { readonly kind: string }) => kind === 'Pod';
  return {
    workloads: items.filter((each) => !isPod(each)).map((each) => workloadSchema.parse(each)),
    pods: items
      .filter(isPod)
      .map((each) => podSchema.parse(each))
      .filter(({ component }) => component !== 'init'),
  };
}

export const listPods = async (scenario: Scenario): Promise<Pod[]> =>
  (await readState(scenario)).pods;

/** Selector of the pods of components. */
export const selectorOf = (...components: readonly string[]) =>
  `${COMPONENT} in (${components.join(',')})`;
