import { execa } from 'execa';

/** Signal for a process whose parent exits: KILL also ends one that hangs or is stopped. */
export type DeathSignal = 'KILL' | 'TERM';

/** Returns the prefix of a command that the kernel signals when its parent exits. */
export function parentDeathCommand(
  signal: DeathSignal,
): readonly [command: string, ...args: string[]] {
  return ['setpriv', '--pdeathsig', signal];
}

/**
 * Returns the prefix of a command that the kernel sends `signal` when its parent exits, however it
 * exits; empty if the platform does not support it.
 * @param searchPath replaces PATH in the search for the command.
 */
export async function linkToParent(
  signal: DeathSignal,
  searchPath?: string,
): Promise<readonly string[]> {
  const wrapper = [...parentDeathCommand(signal), '--'];
  const [command = '', ...args] = wrapper;
  // The setpriv of small distributions lacks the option.
  const { failed } = await execa(command, [...args, 'true'], {
    reject: false,
    stdin: 'ignore',
    ...(searchPath !== undefined && { env: { PATH: searchPath } }),
  });
  return failed ? [] : wrapper;
}
