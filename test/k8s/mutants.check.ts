import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkManifests } from './checks/index.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { installCustomResources } from './custom-resources.js';
import { buildExample, COMPONENTS, type Manifest } from './manifests.js';
import { formatTable } from './format-table.js';
import { applyMutant, type Mutant, MUTANTS } from './mutants.js';

const DRY_RUN = ['--dry-run=server'];

let plane: ControlPlane;
let manifests: readonly Manifest[];
/** Title of each mutant, who refused it, and the message. */
const table: string[][] = [];

beforeAll(async () => {
  plane = await startControlPlane();
  await installCustomResources(plane);
  manifests = await buildExample(plane.kubectl, COMPONENTS);
  const first = manifests.filter(({ kind }) => ['Namespace', 'ServiceAccount'].includes(kind));
  await plane.kubectl.apply(first);
});
afterAll(async () => {
  console.log(formatTable(table));
  await plane?.close();
});

/** Reasons to refuse a mutant, by who has them. */
async function refusalsOf(mutant: Mutant) {
  const { broken, all } = applyMutant(mutant, manifests);
  const { exitCode, stderr } = await plane.kubectl.apply([broken], DRY_RUN);
  const findings = mutant.refusedBy === 'own check' ? await checkManifests(all) : [];
  return {
    'API server': exitCode === 0 ? undefined : stderr,
    'own check': findings.length === 0 ? undefined : findings.join('; '),
  };
}

describe('broken manifests', () => {
  it.each(MUTANTS)('refuses $title', async (mutant) => {
    const refusals = await refusalsOf(mutant);
    const who = refusals['API server'] === undefined ? 'own check' : 'API server';
    table.push([mutant.title, who, refusals[who] ?? 'accepted']);
    expect(refusals[mutant.refusedBy]).toMatch(mutant.expects);
    // What the server refuses needs no check of its own.
    if (mutant.refusedBy === 'own check') expect(refusals['API server']).toBeUndefined();
  });
});
