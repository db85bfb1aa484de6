import type { Manifest } from '../manifests.js';
import { setAt } from '../set-at.js';
import type { ClusterMutant } from './mutants.js';

/** What all workloads refer to. */
const SHARED = ['Namespace', 'ServiceAccount', 'ConfigMap', 'Secret'];

/** Returns one workload of the manifests with its errors, and what it refers to. */
export function makeMutant(
  { workload, edits }: ClusterMutant,
  manifests: readonly Manifest[],
): Manifest[] {
  const chosen = manifests
    .filter(({ kind, metadata }) => SHARED.includes(kind) || metadata.name === workload)
    .map((each) => structuredClone(each));
  for (const { kind, path, value } of edits) {
    const edited = chosen.find((each) => each.kind === kind);
    if (!edited) throw new Error(`${workload} has no ${kind}`);
    setAt(edited, path, value);
  }
  return chosen;
}
