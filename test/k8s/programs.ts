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

/** Programs that Go builds, by the names that the tests use. */
const BUILT = {
  apiServer: kubernetes('kube-apiserver', ['--version'], '10 minutes, 110 MB'),
  controllers: kubernetes('kube-controller-manager', ['--version'], '3 minutes, 100 MB'),
  scheduler: kubernetes('kube-scheduler', ['--version'], '1 minute, 80 MB'),
  kwok: {
    ...{ name: 'kwok', folder: KWOK, package: 'sigs.k8s.io/kwok/cmd/kwok' },
    ...{ check: { args: ['--version'], expects: /kwok version/ }, takes: '3 minutes, 90 MB' },
  },
} satisfies Record<string, GoProgram>;

/** Programs of packages of Debian. */
const PACKAGED = {
  etcd: { package: 'etcd-server', check: { args: ['--version'], expects: /etcd Version/ } },
  promtool: { package: 'prometheus', check: { args: ['--version'], expects: /^promtool/ } },
} satisfies Record<string, { readonly package: string; readonly check: Check }>;

/** The version does not matter, so that one that is installed is used. */
const KUBECTL = kubernetes('kubectl', ['version', '--client'], '1 minute, 80 MB');
const KUBECTL_CHECK: Check = { args: ['version', '--client'], expects: /Client Version/ };

type BuiltName = keyof typeof BUILT;
type PackagedName = keyof typeof PACKAGED;
export type ProgramName = BuiltName | PackagedName;

function kubernetes(name: string, args: readonly string[], takes: string): GoProgram {
  return {
    ...{ name, folder: KUBERNETES, package: `k8s.io/kubernetes/cmd/${name}` },
    variables: [`k8s.io/component-base/version.gitVersion=${VERSION}`],
    check: { args, expects: new RegExp(VERSION.replaceAll('.', '\\.')) },
    takes,
  };
}

const contextOf = (onStep: (message: string) => void) =>
  createToolContext({ config: readConfig(), onStep });

/** Returns the path of a program, which is built or installed on its first use. */
export async function findProgram(name: ProgramName): Promise<string> {
  const context = contextOf(console.log);
  if (name in BUILT) return findGoProgram(BUILT[name as BuiltName], context);
  const { package: packageName, check } = PACKAGED[name as PackagedName];
  const onPath = fromPath(name, context.config.tools.searchPath, check);
  const tool = {
    ...{ name, lookups: [onPath], installs: [fromPackageManager(packageName, context, onPath)] },
    manualSteps: `install Debian's package ${packageName} and try again.`,
  };
  return (await findTool(tool, context)).path;
}

/** Returns the path of kubectl, which is built if it is not on PATH. */
export async function findKubectl(): Promise<string> {
  const context = contextOf(console.log);
  const onPath = fromPath('kubectl', context.config.tools.searchPath, KUBECTL_CHECK);
  return findGoProgram(KUBECTL, context, [onPath]);
}

/** Names of the programs that are neither built nor installed. */
export async function missingPrograms(): Promise<string[]> {
  const { config, binDir } = contextOf(() => undefined);
  const isOnPath = async (name: string) =>
    (await findOnPath(name, config.tools.searchPath)) !== undefined;
  const isBuilt = (program: GoProgram) =>
    access(join(binDir, goProgramFile(program))).then(
      () => true,
      () => false,
    );
  const checks: Promise<string[]>[] = [
    ...Object.values(BUILT).map(async (each) => ((await isBuilt(each)) ? [] : [each.name])),
    ...[...Object.keys(PACKAGED), 'kubectl'].map(async (name) =>
      (await isOnPath(name)) || (name === 'kubectl' && (await isBuilt(KUBECTL))) ? [] : [name],
    ),
  ];
  return (await Promise.all(checks)).flat();
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
