import { listPods } from './read-state.js';
import type { Scenario } from './scenario.js';

const ON_GPU = 'detect-worker-gpu';

/** Finds pods that share a node with one of the same workload, and pods on the wrong kind of node. */
export async function findMisplaced(scenario: Scenario): Promise<string[]> {
  const { gpu } = scenario.nodes;
  const pods = await listPods(scenario);
  const shared = pods.filter(({ component, node, name }) =>
    pods.some((each) => each.component === component && each.node === node && each.name < name),
  );
  const wrong = pods.filter(({ component, node }) => gpu.includes(node) !== (component === ON_GPU));
  return [
    ...shared.map(({ component, node }) => `two pods of ${component} are on ${node}`),
    ...wrong.map(({ component, node }) => `a pod of ${component} is on ${node}`),
  ];
}
