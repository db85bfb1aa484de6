import { findUnavailable } from './find-unavailable.js';
import { listPods } from './read-state.js';
import type { Scenario } from './scenario.js';

const OPTIONS = ['--delete-emptydir-data', '--ignore-daemonsets'];
/** Workloads with two pods, of which one remains. */
const WITH_TWO = ['api', 'images', 'video-worker', 'detect-worker'];

/** Drains one node, whose pods must move to the others. */
export async function findLostByDrain(scenario: Scenario): Promise<string[]> {
  const before = await findUnavailable(scenario);
  if (before.length > 0) return before;
  const node = scenario.nodes.cpu[0]!;
  const { exitCode, stderr } = await drain(scenario, node, '40s');
  const refused = exitCode === 0 ? [] : [`the drain of ${node} did not end: ${stderr}`];
  const left = (await listPods(scenario)).filter((pod) => pod.node === node);
  return [
    ...refused,
    ...left.map(({ name }) => `${name} is still on ${node}`),
    ...(refused.length > 0 ? [] : await findUnavailable(scenario)),
  ];
}

/** Drains all nodes for the CPU at once, so that pods have nowhere to go: the budgets must refuse it. */
export async function findLostByDrainOfAll(scenario: Scenario): Promise<string[]> {
  const before = await findUnavailable(scenario);
  if (before.length > 0) return before;
  const { cpu } = scenario.nodes;
  await scenario.kubectl.run(['cordon', ...cpu]);
  const runs = await Promise.all(cpu.map((node) => drain(scenario, node, '12s')));
  const text = runs.map(({ stderr }) => stderr).join('\n');
  const ready = (await listPods(scenario)).filter(({ isReady }) => isReady);
  const applied = WITH_TWO.filter((name) =>
    scenario.manifests.some(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === name,
    ),
  );
  return [
    ...(text.includes("would violate the pod's disruption budget")
      ? []
      : [`no budget refused the drain: ${text}`]),
    ...applied
      .filter((name) => !ready.some(({ component }) => component === name))
      .map((name) => `${name} has no ready pod`),
  ];
}

const drain = ({ kubectl }: Scenario, node: string, timeout: string) =>
  kubectl.try(['drain', node, ...OPTIONS, `--timeout=${timeout}`]);
