import { join } from 'node:path';

/** Files that a host keeps of one scenario, over restarts of its worker. */
interface SpoolPaths {
  /** Folder of the journals. */
  readonly journals: string;
  /** Folder of the clips, until they are stored. */
  readonly clips: string;
  /** File that the process of the camera locks. */
  readonly lock: string;
}

const LOCK = '.lock';

/** @param folder of the stream worker. */
export function spoolPaths(folder: string, uuid: string): SpoolPaths {
  return {
    journals: join(spoolFolders(folder).journals, uuid),
    clips: join(spoolFolders(folder).clips, uuid),
    lock: join(folder, `${uuid}${LOCK}`),
  };
}

/** Returns the folders that have one folder for each scenario. */
export function spoolFolders(folder: string): Pick<SpoolPaths, 'journals' | 'clips'> {
  return { journals: join(folder, 'journals'), clips: join(folder, 'clips') };
}

/** Returns the scenario whose lock has this name. */
export function lockOwnerOf(name: string): string {
  return name.endsWith(LOCK) ? name.slice(0, -LOCK.length) : '';
}
