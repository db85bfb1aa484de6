import { execa } from 'execa';

/** What a process gets when its parent dies: KILL ends it also while it hangs or is stopped. */
export type DeathSignal = 'KILL' | 'TERM';

/** Start of a command that has the kernel tie what it starts to the life of its parent. */
export function parentDeathCommand(
  signal: DeathSignal,
): readonly [command: string, ...args: string[]] {
  return ['setpriv', '--pdeathsig', signal];
}

/**
 * What to put before a command so that the kernel sends it `signal` when its parent dies, however
 * it dies; empty where the platform cannot. `searchPath` is where it is looked for, else PATH.
 */
export async function linkToParent(
  signal: DeathSignal,
  searchPath?: string,
): Promise<readonly string[]> {
  const wrapper = [...parentDeathCommand(signal), '--'];
  const [command = '', ...args] = wrapper;
  // The setpriv of small distributions does not have the option.
  const { failed } = await execa(command, [...args, 'true'], {
    reject: false,
    stdin: 'ignore',
    ...(searchPath !== undefined && { env: { PATH: searchPath } }),
  });
  return failed ? [] : wrapper;
}
