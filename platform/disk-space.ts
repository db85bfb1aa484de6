import { statfs } from 'node:fs/promises';

/** Space of a disk. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/** Reads the space of the disk that has a folder; undefined if the folder cannot be read. */
export async function readDiskSpace(folder: string): Promise<DiskSpace | undefined> {
  const space = await statfs(folder).catch(() => undefined);
  if (!space) return undefined;
  const { bavail, blocks, bsize } = space;
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}
