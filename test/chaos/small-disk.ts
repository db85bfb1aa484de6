import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** Separate file system in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Keeps the disk full for this number of milliseconds. */
  fillFor(ms: number): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = Buffer.alloc(8 * 1024 ** 2);

/** Mounts a disk, which requires root; resolves with undefined without that permission. */
export async function mountSmallDisk(sizeBytes: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder];
  if ((await execa('mount', options, { reject: false })).failed) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  await mkdir(join(folder, 'scratch'));
  const filler = join(folder, 'filler');
  return {
    folder,
    fillFor: async (ms) => {
      for (const until = Date.now() + ms; Date.now() < until;) {
        // Fails when the disk is full, after it has written the last bytes.
        await appendFile(filler, CHUNK).catch(() => sleep(50));
      }
      await rm(filler);
    },
    close: async () => {
      await execa('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}
