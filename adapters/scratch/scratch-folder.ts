import { randomUUID } from 'node:crypto';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { expectId } from '../../domain/names.js';
import type { RangeFiles, Scratch } from '../../domain/ports/scratch.js';
import { bytesIn } from '../../platform/bytes-in.js';

/** Bytes of the disk that are kept free. */
const SPARE_BYTES = 512 * 1024 ** 2;

/** Scratch folder whose bytes can be read. */
export interface MeasuredScratch extends Scratch {
  /** Returns the bytes of all ranges, and those that are promised to attempts. */
  readonly usedBytes: () => Promise<number>;
}

/**
 * Opens the scratch folder of one worker process. Each attempt writes to its own folder, and renames
 * complete files into the folder of their range.
 */
export async function createScratch(folder: string, maxBytes: number): Promise<MeasuredScratch> {
  const attempts = join(folder, 'attempts');
  const ranges = join(folder, 'ranges');
  // Attempts of a previous process are orphans.
  await rm(attempts, { recursive: true, force: true });
  await Promise.all([attempts, ranges].map((path) => mkdir(path, { recursive: true })));
  const eventFolder = (eventId: string) => join(ranges, expectId('an event_id', eventId));
  const rangeFolder = ({ eventId, range }: RangeFiles) =>
    join(eventFolder(eventId), expectIndex(range));
  const reserved = new Map<string, number>();
  return {
    hostId: await readHostId(folder),
    attempt: async (bytes, work) => {
      const path = join(attempts, randomUUID());
      await checkRoom(folder, maxBytes, bytes, reserved);
      reserved.set(path, bytes);
      await mkdir(path);
      try {
        return await work(path);
      } finally {
        reserved.delete(path);
        await rm(path, { recursive: true, force: true });
      }
    },
    keep: async (range, name, path) => {
      const target = join(rangeFolder(range), name);
      await mkdir(rangeFolder(range), { recursive: true });
      await rm(target, { recursive: true, force: true });
      await rename(path, target);
    },
    find: async (range, name) => {
      const path = join(rangeFolder(range), name);
      if (await stat(path).catch(() => undefined)) return path;
      throw new AppError(
        'SCRATCH_LOST',
        `The ${name} of range ${range.range} are no longer on this host.`,
        { ...range },
      );
    },
    drop: async (range, name) =>
      rm(join(rangeFolder(range), name), { recursive: true, force: true }),
    dropRange: async (range) => {
      await rm(rangeFolder(range), { recursive: true, force: true });
      // Fails while the event has other ranges.
      await rmdir(eventFolder(range.eventId)).catch(() => undefined);
    },
    dropEvent: async (eventId) => rm(eventFolder(eventId), { recursive: true, force: true }),
    events: () => readdir(ranges),
    usedBytes: async () => (await bytesIn(ranges)) + promisedBytes(reserved),
  };
}

/** @throws AppError `INVALID_INPUT` for a range that is not an index. */
function expectIndex(range: number): string {
  if (Number.isSafeInteger(range) && range >= 0) return String(range);
  throw new AppError('INVALID_INPUT', `Expected the index of a range, received ${range}`);
}

/** Returns the id of a folder of a worker, which persists: a restarted worker polls the same queue. */
export async function readHostId(folder: string): Promise<string> {
  const path = join(folder, 'host-id');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept) return kept;
  const id = randomUUID();
  await writeFile(path, id);
  return id;
}

function promisedBytes(reserved: ReadonlyMap<string, number>): number {
  return [...reserved.values()].reduce((sum, each) => sum + each, 0);
}

async function checkRoom(
  folder: string,
  maxBytes: number,
  bytes: number,
  reserved: ReadonlyMap<string, number>,
): Promise<void> {
  const promised = promisedBytes(reserved) + bytes;
  const used = await bytesIn(join(folder, 'ranges'));
  const { bavail, bsize } = await statfs(folder);
  if (used + promised <= maxBytes && promised + SPARE_BYTES <= bavail * bsize) return;
  throw new AppError(
    'SCRATCH_FULL',
    `No room for ${bytes} bytes in ${folder}: ${used} used, ${promised - bytes} promised, ` +
      `${maxBytes} allowed (VIDETTE_SCRATCH_LIMIT_GB), ${bavail * bsize} free on the disk.`,
  );
}
