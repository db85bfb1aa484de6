import prettyBytes from 'pretty-bytes';
import { AppError } from '../../domain/errors.js';
import { readDiskSpace } from '../../platform/disk-space.js';

/** @throws AppError `SETUP_FAILED` if the disk of a folder has less free space than `bytes`. */
export async function expectRoom(folder: string, bytes: number): Promise<void> {
  const space = await readDiskSpace(folder);
  if (!space || space.freeBytes >= bytes) return;
  throw new AppError(
    'SETUP_FAILED',
    `The disk of ${folder} has ${prettyBytes(space.freeBytes)} free, and ${prettyBytes(bytes)} are needed. Free some space, or use another disk.`,
  );
}
