import { z } from 'zod';

export const COMPONENT = 'app.kubernetes.io/component';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  message: z.string().default(''),
});

export const podSchema = z
  .object({
    metadata: z.object({
      name: z.string(),
      labels: z.record(z.string(), z.string()),
      deletionTimestamp: z.string().optional(),
    }),
    spec: z.object({ nodeName: z.string().default('') }),
    status: z.object({ conditions: z.array(condition).default([]) }),
  })
  .transform(({ metadata, spec, status }) => {
    const isEnding = metadata.deletionTimestamp !== undefined;
    const conditionOf = (type: string) => status.conditions.find((each) => each.type === type);
    return {
      ...{ name: metadata.name, component: metadata.labels[COMPONENT] ?? '', isEnding },
      /** Name of its node, empty before it has one. */
      node: spec.nodeName,
      /** Whether it is ready and does not end. */
      isReady: !isEnding && conditionOf('Ready')?.status === 'True',
      /** Why the scheduler has found no node. */
      unscheduled: conditionOf('PodScheduled')?.message ?? '',
    };
  });

export type Pod = z.infer<typeof podSchema>;

/** Number of pods that are ready, by component. */
export function countReady(pods: Iterable<Pod>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { component, isReady } of pods) {
    counts.set(component, (counts.get(component) ?? 0) + (isReady ? 1 : 0));
  }
  return counts;
}
