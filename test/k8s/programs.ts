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
const KUBERNETES = 'test/k8s/kubernetes';

const API_SERVER = kubernetes('kube-apiserver', ['--version'], '5 minutes, 105 MB');
const KUBECTL = kubernetes('kubectl', ['version', '--client'], '1 minute, 80 MB');

/** Programs that are used if they are installed. kubectl may have another version than the server. */
const ON_PATH = {
  etcd: { args: ['--version'], expects: /etcd Version/ },
  kubectl: { args: ['version', '--client'], expects: /Client Version/ },
  promtool: { args: ['--version'], expects: /^promtool/ },
} satisfies Record<string, Check>;

/** Packages of Debian that have a program. */
const PACKAGES = { etcd: 'etcd-server', promtool: 'prometheus' };

export type ProgramName = keyof typeof ON_PATH | 'kube-apiserver';

function kubernetes(name: string, args: readonly string[], takes: string): GoProgram {
  return {
    ...{ name, folder: KUBERNETES, package: `k8s.io/kubernetes/cmd/${name}` },
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
  if (name === 'kube-apiserver') return findGoProgram(API_SERVER, context);
  const onPath = fromPath(name, context.config.tools.searchPath, ON_PATH[name]);
  if (name === 'kubectl') return findGoProgram(KUBECTL, context, [onPath]);
  const tool = {
    ...{ name, lookups: [onPath] },
    installs: [fromPackageManager(PACKAGES[name], context, onPath)],
    manualSteps: `install Debian's package ${PACKAGES[name]} and try again.`,
  };
  return (await findTool(tool, context)).path;
}

/** Names of the programs that are neither built nor installed. */
export async function missingPrograms(): Promise<string[]> {
  const { config, binDir } = createContext(() => undefined);
  const isOnPath = async (name: string) =>
    (await findOnPath(name, config.tools.searchPath)) !== undefined;
  const isBuilt = (program: GoProgram) => existsSync(join(binDir, goProgramFile(program)));
  const found = {
    'kube-apiserver': isBuilt(API_SERVER),
    kubectl: isBuilt(KUBECTL) || (await isOnPath('kubectl')),
    etcd: await isOnPath('etcd'),
    promtool: await isOnPath('promtool'),
  };
  return Object.entries(found).flatMap(([name, is]) => (is ? [] : [name]));
}

/** Modules of Go whose files are read, and the folders of the `go.mod` that requires each. */
const MODULES = {
  keda: ['test/k8s/crds', 'github.com/kedacore/keda/v2'],
  prometheusOperator: ['test/k8s/crds', 'github.com/prometheus-operator/prometheus-operator'],
} as const;

/** Returns the folder of the files of a module, which is downloaded on its first use. */
export async function findModule(name: keyof typeof MODULES): Promise<string> {
  const [folder, module] = MODULES[name];
  const args = ['mod', 'download', '-json', module];
  const { stdout } = await execa('go', args, { cwd: projectFile(folder) });
  return z.object({ Dir: z.string() }).parse(JSON.parse(stdout)).Dir;
}
