import { execa } from 'execa';
import type { Manifest } from './manifests.js';

/** Outcome of a command. */
export interface KubectlRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl for one cluster. */
export interface Kubectl {
  /** Runs a command and returns its output. @throws Error with what it printed if it fails. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Runs a command that may fail. */
  try(args: readonly string[], input?: string): Promise<KubectlRun>;
  /** Applies manifests on the server, which validates their fields strictly. */
  apply(manifests: readonly Manifest[], options?: readonly string[]): Promise<KubectlRun>;
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'];

export function createKubectl(path: string, kubeconfig: string): Kubectl {
  const attempt: Kubectl['try'] = async (args, input = '') => {
    const options = { input, reject: false, env: { KUBECONFIG: kubeconfig } } as const;
    const { exitCode, stdout, stderr } = await execa(path, args, options);
    return { exitCode, stdout, stderr };
  };
  const run: Kubectl['run'] = async (args, input) => {
    const { exitCode, stdout, stderr } = await attempt(args, input);
    if (exitCode === 0) return stdout;
    throw new Error(`kubectl ${args.join(' ')} failed:\n${stderr}`);
  };
  return {
    ...{ run, try: attempt },
    // One after another: kubectl, and not the server, would validate the fields of a List.
    apply: (manifests, options = []) =>
      attempt([...APPLY, ...options], manifests.map((each) => JSON.stringify(each)).join('\n')),
  };
}
