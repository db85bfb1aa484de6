import { findUnavailable } from './find-unavailable.js';
import { listPods } from './read-state.js';
import type { Scenario } from './scenario.js';
import { waitForFindings } from './wait-for-findings.js';

const BROKEN = 'node-not-ready.stage.kwok.x-k8s.io=true';
/** Pods tolerate the node for 3 s, and end within 5 s. */
const TIMEOUT_MS = 30_000;

/** Makes a node report that it is not ready, and finds pods that do not move to another one. */
export async function findStuck(scenario: Scenario): Promise<string[]> {
  const before = await findUnavailable(scenario);
  if (before.length > 0) return before;
  const { kubectl, nodes } = scenario;
  const used = (await listPods(scenario)).map(({ node }) => node);
  const broken = nodes.cpu.find((name) => used.includes(name));
  if (broken === undefined) throw new Error('No node has a pod');
  await kubectl.run(['label', 'node', broken, BROKEN]);
  const isNotReady = '--for=condition=Ready=False';
  await kubectl.run(['wait', `node/${broken}`, isNotReady, '--timeout=60s']);
  // Pods are expected to be there at first, so that no finding ends the wait.
  const stuck = await waitForFindings({ awaited: undefined }, TIMEOUT_MS, async () =>
    (await listPods(scenario))
      .filter(({ node }) => node === broken)
      .map(({ name }) => `${name} stays on the broken node ${broken}`),
  );
  return [...stuck, ...(await findUnavailable(scenario))];
}
