import { existsSync } from 'node:fs';
import { projectFile } from '../../../platform/package-root.js';
import type { Manifest } from '../manifests.js';
import { workloadsOf } from '../workloads.js';

const COMPILED = /^dist\/(.+)\.js$/;

/** Finds containers whose program is not compiled from a file of the project. */
export function checkPrograms(manifests: readonly Manifest[]): string[] {
  return workloadsOf(manifests).flatMap(({ title, container }) => {
    const program = container.args.at(-1) ?? '';
    const [, source] = COMPILED.exec(program) ?? [];
    const exists = source !== undefined && existsSync(projectFile(`${source}.ts`));
    return exists ? [] : [`${title} runs "${program}", which does not exist`];
  });
}
