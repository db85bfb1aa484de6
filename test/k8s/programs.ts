import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { readConfig } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import { type Check, findOnPath } from '../../stack/tools/executables.js';
import { findTool } from '../../stack/tools/find-tool.js';
import { findGoProgram, type GoProgram, goProgramFile } from '../../stack/tools/go-program.js';
import { fromPackageManager } from '../../stack/tools/package-manager.js';
import { fromPath } from '../../stack/tools/sources.js';
import { createToolContext } from '../../stack/tools/tool-context.js';

/** Version of Kubernetes, as in kubernetes/go.mod. */
const VERSION = 'v1.36.3';
const KUBERNETES = 'test/k8s/kubernetes';
const KWOK = 'test/k8s/kwok';

const PROGRAMS = {
  apiServer: kubernetes('kube-apiserver', ['--version'], '10 minutes, 110 MB'),
  kubectl: kubernetes('kubectl', ['version', '--client'], '1 minute, 80 MB'),
  controllers: kubernetes('kube-controller-manager', ['--version'], '3 minutes, 100 MB'),
  scheduler: kubernetes('kube-scheduler', ['--version'], '1 minute, 80 MB'),
  kwok: {
    ...{ name: 'kwok', folder: KWOK, package: 'sigs.k8s.io/kwok/cmd/kwok' },
    ...{ check: { args: ['--version'], expects: /kwok version/ }, takes: '3 minutes, 90 MB' },
  },
} satisfies Record<string, GoProgram>;

/** Programs of packages of Debian, by their names. */
const PACKAGES = {
  etcd: { package: 'etcd-server', check: { args: ['--version'], expects: /etcd Version/ } },
  promtool: { package: 'prometheus', check: { args: ['--version'], expects: /^promtool/ } },
} satisfies Record<string, { readonly package: string; readonly check: Check }>;

export type ProgramName = keyof typeof PROGRAMS | keyof typeof PACKAGES;

function kubernetes(name: string, args: readonly string[], takes: string): GoProgram {
  return {
    ...{ name, folder: KUBERNETES, package: `k8s.io/kubernetes/cmd/${name}` },
    variables: [`k8s.io/component-base/version.gitVersion=${VERSION}`],
    check: { args, expects: new RegExp(VERSION.replaceAll('.', '\\.')) },
    takes,
  };
}

/** Returns the path of a program, which is built or installed on its first use. */
export async function findProgram(name: ProgramName): Promise<string> {
  const context = createToolContext({ config: readConfig(), onStep: console.log });
  if (name in PROGRAMS) return findGoProgram(PROGRAMS[name as keyof typeof PROGRAMS], context);
  const { package: packageName, check } = PACKAGES[name as keyof typeof PACKAGES];
  const onPath = fromPath(name, context.config.tools.searchPath, check);
  const tool = {
    ...{ name, lookups: [onPath], installs: [fromPackageManager(packageName, context, onPath)] },
    manualSteps: `install Debian's package ${packageName} and try again.`,
  };
  return (await findTool(tool, context)).path;
}

/** Names of the programs that are neither built nor installed. */
export async function missingPrograms(): Promise<string[]> {
  const { config, binDir } = createToolContext({ config: readConfig(), onStep: () => undefined });
  const built = Object.values(PROGRAMS).map(async (program) => {
    const path = join(binDir, goProgramFile(program));
    return access(path).then(
      () => [],
      () => [program.name],
    );
  });
  const installed = Object.keys(PACKAGES).map(async (name) =>
    (await findOnPath(name, config.tools.searchPath)) === undefined ? [name] : [],
  );
  return (await Promise.all([...built, ...installed])).flat();
}

/** Modules of Go whose files are read, and the folders of the `go.mod` that requires each. */
const MODULES = {
  keda: ['test/k8s/crds', 'github.com/kedacore/keda/v2'],
  prometheusOperator: ['test/k8s/crds', 'github.com/prometheus-operator/prometheus-operator'],
  kwok: [KWOK, 'sigs.k8s.io/kwok'],
} as const;

/** Returns the folder of the files of a module, which is downloaded on its first use. */
export async function findModule(name: keyof typeof MODULES): Promise<string> {
  const [folder, module] = MODULES[name];
  const args = ['mod', 'download', '-json', module];
  const { stdout } = await execa('go', args, { cwd: projectFile(folder) });
  return z.object({ Dir: z.string() }).parse(JSON.parse(stdout)).Dir;
}
