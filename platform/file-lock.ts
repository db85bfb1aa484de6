import { lock } from 'proper-lockfile';

export type Release = () => Promise<void>;

/**
 * Locks a path, which need not exist, by a folder `PATH.lock` beside it. Such a lock also holds
 * between containers, where process ids mean nothing.
 * @param staleMs age of the last renewal after which a lock is taken over, in milliseconds.
 * @param onLost called if the lock is lost: this process was suspended, or the clock was changed.
 * @returns undefined if another process holds the lock.
 */
export async function tryLock(
  path: string,
  staleMs: number,
  onLost: () => void = () => undefined,
): Promise<Release | undefined> {
  try {
    const release = await lock(path, {
      realpath: false,
      stale: staleMs,
      onCompromised: onLost,
    });
    // A lock that was taken over while this process was suspended cannot be released.
    return () => release().catch(() => undefined);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined;
    throw error;
  }
}
