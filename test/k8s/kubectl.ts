import { execa } from 'execa';
import { z } from 'zod';
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
  /** Calls a function with each change of the resources at a path of the API, first with each as it is. */
  watch(path: string, onChange: (change: Change) => void): Watch;
}

const changeSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
  object: z.unknown(),
});

/** What has happened to a resource. */
export type Change = z.infer<typeof changeSchema>;

/** A request that continues until it is stopped. */
export interface Watch {
  stop(): Promise<void>;
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'];

export function createKubectl(program: string, kubeconfig: string): Kubectl {
  const attempt: Kubectl['try'] = async (args, input = '') => {
    const options = { input, reject: false, env: { KUBECONFIG: kubeconfig } } as const;
    const { exitCode, stdout, stderr } = await execa(program, args, options);
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
    watch: (path, onChange) => {
      const options = { env: { KUBECONFIG: kubeconfig }, reject: false, stdin: 'ignore' } as const;
      const child = execa(program, ['get', '--raw', `${path}?watch=1&resourceVersion=0`], options);
      const read = async () => {
        for await (const line of child) onChange(changeSchema.parse(JSON.parse(line)));
      };
      const isRead = read();
      // A failure is reported when it is stopped.
      isRead.catch(() => undefined);
      return {
        stop: async () => {
          child.kill();
          await isRead;
        },
      };
    },
  };
}
