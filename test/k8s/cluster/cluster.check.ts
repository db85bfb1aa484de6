import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopback, listeningSockets } from '../../support/listening.js';
import type { ControlPlane } from '../control-plane.js';
import { formatTable } from '../format-table.js';
import { buildExample, type Manifest } from '../manifests.js';
import { type CheckName, CHECKS } from './checks.js';
import { makeMutant } from './make-mutant.js';
import { MUTANTS } from './mutants.js';
import { QUOTA } from './quota.js';
import { startScenario } from './scenario.js';
import { startCluster } from './start-cluster.js';

const COMPONENTS = ['gpu', 'streams', 'models-volume', 'tracing'];
/** Names of namespaces and nodes begin with it. */
const nameOf = (kind: string, index: number) => `${kind}-${index + 1}`;

let cluster: ControlPlane;
let manifests: readonly Manifest[];
/** Title of each mutant, and what was found. */
const table: string[][] = [];
beforeAll(async () => {
  cluster = await startCluster();
  manifests = await buildExample(cluster.kubectl, COMPONENTS);
});
afterAll(async () => {
  console.log(formatTable(table));
  await cluster?.close();
});

const names = Object.keys(CHECKS) as CheckName[];

describe.concurrent('deploy/k8s on nodes', () => {
  it.each(names.map((name, index) => ({ name, index })))('$name', async ({ name, index }) => {
    const options = { quota: QUOTA };
    const scenario = await startScenario(cluster, nameOf('whole', index), manifests, options);
    expect(await CHECKS[name](scenario)).toEqual([]);
  });
});

describe.concurrent('checks of deploy/k8s on nodes find', () => {
  it.each(MUTANTS.map((mutant, index) => ({ ...mutant, index })))('$title', async (mutant) => {
    const name = nameOf('mutant', mutant.index);
    const scenario = await startScenario(cluster, name, makeMutant(mutant, manifests), mutant);
    const findings = (await CHECKS[mutant.check](scenario)).join('; ');
    table.push([mutant.title, findings]);
    expect(findings).toMatch(mutant.expects);
  });
});

it('are run on loopback', async () => {
  const sockets = await listeningSockets(cluster.pids);
  expect(sockets.length).toBeGreaterThan(4);
  expect(sockets.filter((socket) => !isLoopback(socket))).toEqual([]);
});
