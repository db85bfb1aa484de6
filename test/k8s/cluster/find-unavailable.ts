import { type Manifest, titleOf } from '../manifests.js';
import type { Pod } from './pods.js';
import { KINDS, readState, type WorkloadState } from './read-state.js';
import type { Scenario } from './scenario.js';
import { waitForFindings } from './wait-for-findings.js';

/** Pods of each workload without a load. */
export const PODS: Readonly<Record<string, number>> = {
  ...{ api: 2, images: 2, 'video-worker': 2, 'detect-worker': 2 },
  ...{ 'detect-worker-gpu': 1, 'stream-worker': 1 },
};
export const TIMEOUT_MS = 120_000;

/**
 * Waits until each workload has its number of pods, all updated and available, and the Job has ended.
 * @param more Numbers of pods other than those without a load.
 * @returns What is not so after the time, with the reason.
 */
export function findUnavailable(
  scenario: Scenario,
  more: Readonly<Record<string, number>> = {},
): Promise<string[]> {
  return waitForFindings(scenario, TIMEOUT_MS, () => findUnavailableNow(scenario, more));
}

/** The same without waiting. */
export async function findUnavailableNow(
  scenario: Scenario,
  more: Readonly<Record<string, number>>,
): Promise<string[]> {
  const expected = { ...PODS, ...more };
  const { workloads, pods } = await readState(scenario);
  const missing = scenario.manifests
    .filter(({ kind }) => KINDS.includes(kind))
    .filter((manifest) => !workloads.some((each) => isOf(each, manifest)))
    .map((manifest) => `${titleOf(manifest)} does not exist`);
  return [...missing, ...workloads.flatMap((each) => findIn(each, pods, expected))];
}

const isOf = ({ kind, metadata }: WorkloadState, manifest: Manifest) =>
  kind === manifest.kind && metadata.name === manifest.metadata.name;

function findIn(
  { kind, metadata: { name, generation }, spec, status }: WorkloadState,
  pods: readonly Pod[],
  expected: Readonly<Record<string, number>>,
): string[] {
  if (kind === 'Job') return status.succeeded === 1 ? [] : [`Job ${name} has not ended`];
  const count = Math.max(expected[name] ?? 1, spec.replicas);
  const { observedGeneration, updatedReplicas, availableReplicas } = status;
  const own = pods.filter(({ component }) => component === name);
  const isWhole = observedGeneration >= generation && updatedReplicas === count;
  if (isWhole && availableReplicas === count && own.length === count) return [];
  const reasons = [
    ...status.conditions.filter(({ type }) => type === 'ReplicaFailure'),
    ...own.flatMap(({ unscheduled }) => (unscheduled ? [{ message: unscheduled }] : [])),
  ].map(({ message }) => message);
  const why = [...new Set(reasons)].join('; ') || 'no reason is known';
  return [`${kind} ${name}: ${availableReplicas} of ${count} pods are available: ${why}`];
}
