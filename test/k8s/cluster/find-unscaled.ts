import { z } from 'zod';
import { findUnavailable, findUnavailableNow, TIMEOUT_MS } from './find-unavailable.js';
import { selectorOf } from './read-state.js';
import type { Scenario } from './scenario.js';
import { waitForFindings } from './wait-for-findings.js';

/** CPU that each pod uses by its metrics, of which it requests one: more than ten pods would be too few. */
const USAGE = 'kwok.x-k8s.io/usage-cpu=20';
const MAXIMUM = { api: 10, images: 10, 'detect-worker': 10 };

const autoscalersSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string() }))
          .default([]),
      }),
    }),
  ),
});

/**
 * Loads the pods of `api` and `images`, and waits until their autoscalers have made ten of each; detect
 * workers are scaled to ten by hand. All must have a node.
 */
export async function findUnscaled(scenario: Scenario): Promise<string[]> {
  const before = await findUnavailable(scenario);
  if (before.length > 0) return before;
  await scenario.run('annotate', 'pods', '--selector', selectorOf('api', 'images'), USAGE);
  if (scenario.manifests.some(({ metadata }) => metadata.name === 'detect-worker')) {
    await scenario.run('scale', 'deployment/detect-worker', '--replicas=10');
  }
  return waitForFindings(scenario, TIMEOUT_MS, async () => {
    const unavailable = await findUnavailableNow(scenario, MAXIMUM);
    return unavailable.length === 0 ? [] : [...unavailable, ...(await findInactive(scenario))];
  });
}

/** Autoscalers that have no metrics, and why. */
async function findInactive(scenario: Scenario): Promise<string[]> {
  const { items } = autoscalersSchema.parse(
    JSON.parse(await scenario.run('get', 'hpa', '-o', 'json')),
  );
  return items.flatMap(({ metadata, status }) =>
    status.conditions
      .filter(({ type, status }) => type === 'ScalingActive' && status !== 'True')
      .map(({ message }) => `HorizontalPodAutoscaler ${metadata.name}: ${message}`),
  );
}
