import { execa } from 'execa';
import { findOnPath } from '../tools/executables.js';

/**
 * What to put before a command so that the kernel ends it when its parent dies, however it dies;
 * empty where the platform cannot: there the next start ends what was left over.
 */
export async function deathWrapper(searchPath: string): Promise<readonly string[]> {
  const setpriv = await findOnPath('setpriv', searchPath);
  if (process.platform !== 'linux' || setpriv === undefined) return [];
  const wrapper = [setpriv, '--pdeathsig', 'TERM', '--'];
  // The setpriv of small distributions does not have the option.
  const { exitCode } = await execa(setpriv, [...wrapper.slice(1), 'true'], {
    reject: false,
    stdin: 'ignore',
  });
  return exitCode === 0 ? wrapper : [];
}
