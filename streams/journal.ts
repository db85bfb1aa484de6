import { fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissingFile } from '../platform/is-missing-file.js';
import { parseJournal } from '../domain/stream/log/journal.js';
import { encodeSegment, type NumberedStretch } from '../domain/stream/log/segment.js';
import type { JournalSync } from './journal-sync.js';

/** File with the entries of an epoch that may not be stored yet. */
export interface Journal {
  /**
   * Appends entries: they survive a crash of the worker when this returns, and a power cut after the
   * next sync. @throws Error of the file system, such as a full disk.
   */
  append(stretch: NumberedStretch): void;
  /** Removes the entries, because all are stored. */
  clear(): void;
  close(): void;
}

/** Room that the journals of a host share. */
export interface JournalRoom {
  /** Number of bytes in all journals. */
  used: number;
  readonly limit: number;
  readonly sync: JournalSync;
}

const SUFFIX = '.jsonl';
/** Limit of all journals of a host: 20 days of one camera. */
const ROOM_BYTES = 256 * 1024 ** 2;

export function createJournalRoom(sync: JournalSync, limit = ROOM_BYTES): JournalRoom {
  return { used: 0, limit, sync };
}

/** Opens the journal of an epoch. @param folder of the scenario. */
export function openJournal(folder: string, epoch: string, room: JournalRoom): Journal {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, `${epoch}${SUFFIX}`), 'a');
  let { size } = fstatSync(file);
  room.used += size;
  for (const each of [folder, dirname(folder)]) room.sync.create(each);
  return {
    append(stretch) {
      const written = writeSync(file, encodeSegment(epoch, stretch));
      size += written;
      room.used += written;
      room.sync.change(file);
    },
    clear() {
      ftruncateSync(file);
      room.used -= size;
      size = 0;
    },
    close() {
      room.sync.close(file);
      room.used -= size;
    },
  };
}

/** Epochs whose journals have entries, sorted. */
export async function listJournals(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return names
    .filter((name, index) => name.endsWith(SUFFIX) && sizes[index]! > 0)
    .map((name) => name.slice(0, -SUFFIX.length))
    .toSorted();
}

/** Reads what this host recorded of an epoch. */
export async function readJournal(folder: string, epoch: string): Promise<NumberedStretch[]> {
  try {
    return parseJournal(await readFile(join(folder, `${epoch}${SUFFIX}`)));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

/** Removes the journals of a scenario but that of an epoch, whose owner has read them. */
export async function removeJournals(folder: string, exceptOf?: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const removed = names.filter((name) => name !== `${exceptOf}${SUFFIX}`);
  await Promise.all(removed.map((name) => rm(join(folder, name), { force: true })));
}
