import { existsSync } from 'node:fs';
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

/** Programs that Go builds. */
const BUILT = {
  'kube-apiserver': kubernetes('kube-apiserver', ['--version'], '5 minutes, 105 MB'),
  'kube-controller-manager': kubernetes(
    'kube-controller-manager',
    ['--version'],
    '3 minutes, 96 MB',
  ),
  'kube-scheduler': kubernetes('kube-scheduler', ['--version'], '1 minute, 73 MB'),
  kubectl: kubernetes('kubectl', ['version', '--client'], '1 minute, 80 MB'),
  kwok: {
    ...{ name: 'kwok', folder: 'test/k8s/kwok', package: 'sigs.k8s.io/kwok/cmd/kwok' },
    ...{ check: { args: ['--version'], expects: /kwok version/ }, takes: '3 minutes, 85 MB' },
  },
  'metrics-server': {
    ...{ name: 'metrics-server', folder: 'test/k8s/metrics-server' },
    package: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
    ...{ check: { args: ['--version'], expects: /^v/ }, takes: '3 minutes, 60 MB' },
  },
} satisfies Record<string, GoProgram>;

/** Programs that are used if they are installed. kubectl may have another version than the server. */
const ON_PATH = {
  etcd: { args: ['--version'], expects: /etcd Version/ },
  kubectl: { args: ['version', '--client'], expects: /Client Version/ },
  promtool: { args: ['--version'], expects: /^promtool/ },
} satisfies Record<string, Check>;

/** Packages of Debian that have a program. */
const PACKAGES = { etcd: 'etcd-server', promtool: 'prometheus' };

export type ProgramName = keyof typeof ON_PATH | keyof typeof BUILT;

/** Programs of an API server, to which manifests are applied. */
const API_PROGRAMS = ['kube-apiserver', 'kubectl', 'etcd', 'promtool'] as const;
/** Programs that, with the former, make a cluster of nodes without containers. */
const CLUSTER_PROGRAMS = [
  ...['kube-controller-manager', 'kube-scheduler', 'kwok', 'metrics-server'],
] as const satisfies readonly ProgramName[];

function kubernetes(name: string, args: readonly string[], takes: string): GoProgram {
  return {
    ...{ name, folder: 'test/k8s/kubernetes', package: `k8s.io/kubernetes/cmd/${name}` },
    variables: [`k8s.io/component-base/version.gitVersion=${VERSION}`],
    check: { args, expects: new RegExp(VERSION.replaceAll('.', '\\.')) },
    takes,
  };
}

const createContext = (onStep: (message: string) => void) =>
  createToolContext({ config: readConfig(), onStep });

/** Returns the path of a program, which is built or installed on its first use. */
export async function findProgram(name: ProgramName): Promise<string> {
  const context = createContext(console.log);
  const { searchPath } = context.config.tools;
  if (name === 'kubectl') {
    return findGoProgram(BUILT[name], context, [fromPath(name, searchPath, ON_PATH[name])]);
  }
  if (isBuiltByGo(name)) return findGoProgram(BUILT[name], context);
  const onPath = fromPath(name, searchPath, ON_PATH[name]);
  const tool = {
    ...{ name, lookups: [onPath] },
    installs: [fromPackageManager(PACKAGES[name], context, onPath)],
    manualSteps: `install Debian's package ${PACKAGES[name]} and try again.`,
  };
  return (await findTool(tool, context)).path;
}

const isBuiltByGo = (name: ProgramName): name is keyof typeof BUILT => name in BUILT;

/** Names of the programs that are neither built nor installed, for an API server and for a cluster. */
export async function missingPrograms() {
  return {
    forApi: await missingOf(API_PROGRAMS),
    forCluster: await missingOf(CLUSTER_PROGRAMS),
  };
}

async function missingOf(names: readonly ProgramName[]): Promise<ProgramName[]> {
  const { config, binDir } = createContext(() => undefined);
  const missing: ProgramName[] = [];
  for (const name of names) {
    const isBuilt = isBuiltByGo(name) && existsSync(join(binDir, goProgramFile(BUILT[name])));
    const isOnPath = name in ON_PATH && (await findOnPath(name, config.tools.searchPath));
    if (!isBuilt && !isOnPath) missing.push(name);
  }
  return missing;
}

/** Modules of Go whose files are read, and the folders of the `go.mod` that requires each. */
const MODULES = {
  keda: ['test/k8s/crds', 'github.com/kedacore/keda/v2'],
  prometheusOperator: ['test/k8s/crds', 'github.com/prometheus-operator/prometheus-operator'],
  kwok: ['test/k8s/kwok', 'sigs.k8s.io/kwok'],
} as const;

/** Returns the folder of the files of a module, which is downloaded on its first use. */
export async function findModule(name: keyof typeof MODULES): Promise<string> {
  const [folder, module] = MODULES[name];
  const args = ['mod', 'download', '-json', module];
  const { stdout } = await execa('go', args, { cwd: projectFile(folder) });
  return z.object({ Dir: z.string() }).parse(JSON.parse(stdout)).Dir;
}
