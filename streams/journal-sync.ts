import { closeSync, fdatasync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Writes the journals of a host from the memory of its kernel to the disk, without blocking. */
export interface JournalSync {
  /** Reports that a file has changed: it is on the disk after the next interval. */
  change(file: number): void;
  /** Closes a file when its changes are on the disk. */
  close(file: number): void;
  /** Writes the entry of a new file in its folder. */
  create(folder: string): void;
}

interface JournalSyncOptions {
  /** Interval, in ms; it is what a power cut can lose. */
  readonly everyMs?: number;
  readonly sync?: (file: number) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

const SYNC_MS = 1000;

/** Syncs one file at a time, so that a slow disk delays the next interval and nothing else. */
export function createJournalSync(options: JournalSyncOptions): JournalSync {
  const { everyMs = SYNC_MS, sync = promisify(fdatasync), onFailure } = options;
  const changed = new Set<number>();
  const closing = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  /** File whose changes are being written. */
  let current: number | undefined;

  async function syncAll(): Promise<void> {
    for (const file of [...changed]) {
      changed.delete(file);
      current = file;
      await sync(file).catch(onFailure);
      current = undefined;
      if (!changed.has(file) && closing.delete(file)) closeSync(file);
    }
    timer = undefined;
    if (changed.size > 0) schedule();
  }

  function schedule(): void {
    timer ??= setTimeout(() => void syncAll(), everyMs).unref();
  }

  return {
    change(file) {
      changed.add(file);
      schedule();
    },
    close(file) {
      if (changed.has(file) || current === file) closing.add(file);
      else closeSync(file);
    },
    create: (folder) => void syncFolder(folder).catch(onFailure),
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
