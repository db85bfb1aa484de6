import type { Manifest } from '../manifests.js';
import { findUnavailable, PODS } from './find-unavailable.js';
import { recordPods } from './record-pods.js';
import type { Scenario } from './scenario.js';

/** No GPU and no volume is spare, so that these have no pod for a moment. */
const WITHOUT_SPARE = ['detect-worker-gpu', 'stream-worker'];
/** Nodes may route requests to a pod for so long after its endpoint was removed: half of its preStop. */
const MARGIN_MS = 2500;

/**
 * Upgrades to another image as docs/kubernetes.md says. Finds components that had fewer pods meanwhile
 * than without an upgrade, and pods that ended while they got requests.
 */
export async function findGaps(scenario: Scenario): Promise<string[]> {
  const before = await findUnavailable(scenario);
  if (before.length > 0) return before;
  const after: string[] = [];
  const { fewest, idleMs } = await recordPods(scenario, async () => {
    await upgrade(scenario);
    after.push(...(await findUnavailable(scenario)));
  });
  const gaps = [...fewest]
    .filter(([name, count]) => !WITHOUT_SPARE.includes(name) && count < (PODS[name] ?? 0))
    .map(([name, count]) => `${name} had ${count} ready pods during the upgrade`);
  const served = ['api', 'images'].filter((name) => fewest.has(name));
  const unseen = served
    .filter((name) => ![...idleMs.keys()].some((pod) => pod.startsWith(`${name}-`)))
    .map((name) => `no pod of ${name} ended`);
  const early = [...idleMs]
    .filter(([pod]) => served.some((name) => pod.startsWith(`${name}-`)))
    .filter(([, duration]) => duration < MARGIN_MS)
    .map(([pod, ms]) => `${pod} ended ${Math.round(ms)} ms after its last request`);
  return [...after, ...gaps, ...unseen, ...early];
}

async function upgrade(scenario: Scenario): Promise<void> {
  const { kubectl, manifests } = scenario;
  await scenario.run('delete', 'job', 'vidette-init', '--ignore-not-found');
  const text = JSON.stringify(manifests).replaceAll('vidette:0.1.0', 'vidette:0.2.0');
  const { exitCode, stderr } = await kubectl.apply(JSON.parse(text) as Manifest[]);
  if (exitCode !== 0) throw new Error(`The upgrade was refused:\n${stderr}`);
}
