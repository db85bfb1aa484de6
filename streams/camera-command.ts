import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { environmentWithoutSecrets } from '../config/secrets.js';
import type { LaneCommand } from '../lanes/lane-child.js';
import { linkToParent } from '../platform/parent-death.js';

const ENTRY = fileURLToPath(new URL('camera-main.js', import.meta.url));

/** Exit code of a camera process whose scenario has another process on this host. */
export const LOCKED = 75;

/** How camera processes are started on this host. */
export type CameraCommand = (lockFile: string) => LaneCommand;

/**
 * Returns the command of a camera process: it ends with its worker, has no credentials of servers in
 * its environment, and holds a lock of the kernel while it runs, as far as the platform supports it.
 * @param entry compiled entry point.
 */
export async function createCameraCommand(entry = ENTRY): Promise<CameraCommand> {
  const tied = await linkToParent('KILL');
  const probe = ['--shared', ...lockOptions('/dev/null'), 'true'];
  const { failed } = await execa('flock', probe, { reject: false });
  const env = environmentWithoutSecrets();
  return (lockFile) => {
    const lock = failed ? [] : ['flock', ...lockOptions(lockFile)];
    return { entry, wrapper: [...tied, ...lock], env };
  };
}

function lockOptions(path: string): string[] {
  return ['--nonblock', '--no-fork', '--conflict-exit-code', String(LOCKED), path];
}
