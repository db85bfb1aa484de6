import { join } from 'node:path';

/**
 * Returns the folder of the files that scenarios of a local stack may read.
 * @param configured VIDETTE_FILE_ROOT of the user; an empty one counts as unset.
 */
export function fileRootOf(dataDir: string, configured: string | undefined): string {
  return configured === undefined || configured === '' ? join(dataDir, 'camera-files') : configured;
}
