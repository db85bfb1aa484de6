import { findGaps } from './find-gaps.js';
import { findLostByDrain, findLostByDrainOfAll } from './find-lost-by-drain.js';
import { findMisplaced } from './find-misplaced.js';
import { findStuck } from './find-stuck.js';
import { findUnavailable } from './find-unavailable.js';
import { findUnscaled } from './find-unscaled.js';
import type { Scenario } from './scenario.js';

/** What must hold for deploy/k8s on nodes; each returns one sentence for each finding. */
export const CHECKS = {
  'every workload is available': (scenario) => findUnavailable(scenario),
  'pods have the nodes that they need': async (scenario) => [
    ...(await findUnavailable(scenario)),
    ...(await findMisplaced(scenario)),
  ],
  'an upgrade leaves no gap': findGaps,
  'the pods of a drained node move': findLostByDrain,
  'a drain of all nodes is refused': findLostByDrainOfAll,
  'autoscalers make ten pods, which have room': findUnscaled,
  'the pods of a broken node move': findStuck,
} satisfies Record<string, (scenario: Scenario) => Promise<string[]>>;

export type CheckName = keyof typeof CHECKS;
