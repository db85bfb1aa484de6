import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { z } from 'zod';
import { type Manifest, titleOf } from '../manifests.js';
import { findProgram } from '../programs.js';
import { triggersOf } from './triggers.js';

const ruleSchema = z.looseObject({ spec: z.looseObject({ groups: z.array(z.looseObject({})) }) });

/** Finds rules and queries of triggers that Prometheus cannot parse. */
export async function checkPromQl(manifests: readonly Manifest[]): Promise<string[]> {
  const findings = manifests.map(async (manifest) => {
    const groups = groupsOf(manifest);
    if (groups.length === 0) return [];
    const problem = await checkRules(groups);
    return problem === undefined ? [] : [`${titleOf(manifest)}: ${problem}`];
  });
  return (await Promise.all(findings)).flat();
}

/** Groups of rules of a resource; each query of a trigger becomes a rule. */
function groupsOf(manifest: Manifest): readonly object[] {
  if (manifest.kind === 'PrometheusRule') return ruleSchema.parse(manifest).spec.groups;
  if (manifest.kind !== 'ScaledObject') return [];
  const queries = triggersOf(manifest).flatMap(({ metadata }) => metadata['query'] ?? []);
  const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
  return rules.length > 0 ? [{ name: 'triggers', rules }] : [];
}

/** What promtool reports of groups of rules; undefined: nothing. */
async function checkRules(groups: readonly object[]): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-rules-'));
  try {
    const file = join(folder, 'rules.yml');
    await writeFile(file, stringify({ groups }));
    const promtool = await findProgram('promtool');
    const { failed, all } = await execa(promtool, ['check', 'rules', file], {
      ...{ reject: false, all: true },
    });
    return failed ? all.replaceAll(`${folder}/`, '').replace(/\s+/g, ' ').trim() : undefined;
  } finally {
    await rm(folder, { recursive: true });
  }
}
