import { z } from 'zod';
import { type Manifest, titleOf } from '../manifests.js';
import { workloadsOf } from '../workloads.js';
import { selects } from './selects.js';

const selectorOf = {
  PodDisruptionBudget: z.looseObject({ spec: z.looseObject({ selector: z.looseObject({}) }) }),
  PodMonitor: z.looseObject({ spec: z.looseObject({ selector: z.looseObject({}) }) }),
  NetworkPolicy: z
    .looseObject({ spec: z.looseObject({ podSelector: z.looseObject({}) }) })
    .transform(({ spec }) => ({ spec: { selector: spec.podSelector } })),
  Service: z
    .looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) })
    .transform(({ spec }) => ({ spec: { selector: { matchLabels: spec.selector } } })),
};

const targetSchema = z.looseObject({
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string().default('Deployment'), name: z.string() }),
  }),
});

/** Finds selectors that select no pods, and autoscalers of workloads that do not exist. */
export function checkSelectors(manifests: readonly Manifest[]): string[] {
  const workloads = workloadsOf(manifests);
  return manifests.flatMap((manifest) => {
    const { kind } = manifest;
    if (kind in selectorOf) {
      const { selector } = selectorOf[kind as keyof typeof selectorOf].parse(manifest).spec;
      const isUsed = workloads.some(({ pod }) => selects(selector, pod.metadata.labels));
      return isUsed ? [] : [`${titleOf(manifest)} selects no pods`];
    }
    if (kind !== 'HorizontalPodAutoscaler' && kind !== 'ScaledObject') return [];
    const { scaleTargetRef: target } = targetSchema.parse(manifest).spec;
    const exists = workloads.some(({ kind, name }) => kind === target.kind && name === target.name);
    return exists ? [] : [`${titleOf(manifest)} scales a ${target.kind} that does not exist`];
  });
}
