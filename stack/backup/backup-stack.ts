import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { downStack } from '../down.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { isSupervised, readStackState } from '../supervisor/stack-state.js';
import { upStack, type UpOptions, withStackLock } from '../up.js';
import { writeJson } from '../write-json.js';
import { writeArchive } from './archive.js';
import { findParts, isEmpty, measure } from './backup-parts.js';
import { ARCHIVE_FILE, type BackupRecord, createRecord, RECORD_FILE } from './backup-record.js';
import { expectRoom } from './expect-room.js';

interface BackupOptions extends UpOptions {
  /** Folder of the backup, which must not exist or be empty. */
  readonly folder: string;
  /** Ends the backup; a stack that ran is started again. */
  readonly signal: AbortSignal;
}

/** A backup that was written. */
export interface Backup extends BackupRecord {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Time for which a stack that ran was stopped, in milliseconds; null if none ran. */
  readonly stopped_ms: number | null;
}

/**
 * Copies a data folder while its stack is stopped, so that events, objects and the history of jobs
 * are of one moment. A stack that ran is started again, also after a failure. The folder of the backup
 * gets its name when it is complete.
 * @throws AppError `INVALID_INPUT` if there is nothing to copy or the folder is taken, `SETUP_FAILED`
 *   if the copy or the new start fails.
 */
export async function backupStack(options: BackupOptions): Promise<Backup> {
  const { config, onStep, signal } = options;
  const dataDir = resolve(config.dataDir);
  const folder = resolve(options.folder);
  await expectFree(dataDir, folder);
  await mkdir(dirname(folder), { recursive: true });
  await expectRoom(dirname(folder), await measureData(dataDir));
  const started = Date.now();
  let plan: StackPlan | undefined;
  let record: BackupRecord;
  try {
    record = await withStackLock(dataDir, onStep, async () => {
      signal.throwIfAborted();
      plan = await planOfRunning(dataDir);
      await downStack(options);
      onStep(`Copying ${dataDir} to ${folder}.`);
      return writeBackup({ dataDir, folder, signal });
    });
  } catch (error) {
    onStep(`The backup has failed: ${messageOf(error)}`);
    throw error;
  } finally {
    if (plan) await startAgain(options, plan);
  }
  return { ...record, folder, stopped_ms: plan ? Date.now() - started : null };
}

async function planOfRunning(dataDir: string): Promise<StackPlan | undefined> {
  const state = await readStackState(dataDir);
  return state && isSupervised(state) ? state.plan : undefined;
}

async function startAgain(options: UpOptions, { workers }: StackPlan): Promise<void> {
  options.onStep('Starting the servers and workers again.');
  await upStack({ ...options, workers: workers !== null });
}

async function measureData(dataDir: string): Promise<number> {
  const parts = await findParts(dataDir);
  if (parts.length === 0) {
    throw new AppError(
      'INVALID_INPUT',
      `${dataDir} has no data to back up. Set VIDETTE_DATA_DIR to the folder of the stack.`,
    );
  }
  let bytes = 0;
  for (const part of parts) bytes += await measure(join(dataDir, part));
  return bytes;
}

/** @throws AppError `INVALID_INPUT` if a backup cannot get the name of a folder. */
async function expectFree(dataDir: string, folder: string): Promise<void> {
  if (`${folder}/`.startsWith(`${dataDir}/`)) {
    throw new AppError('INVALID_INPUT', `${folder} is in the data folder. Use one outside of it.`);
  }
  if (await isEmpty(folder)) return;
  throw new AppError('INVALID_INPUT', `${folder} already exists. Use another name for the backup.`);
}

interface WriteOptions {
  readonly dataDir: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function writeBackup({ dataDir, folder, signal }: WriteOptions): Promise<BackupRecord> {
  const partial = await createPartial(folder);
  try {
    const parts = await findParts(dataDir);
    const archive = join(partial, ARCHIVE_FILE);
    const written = await writeArchive({ archive, folder: dataDir, signal }, parts);
    const record = createRecord({ parts: [...parts], ...written });
    await writeJson(join(partial, RECORD_FILE), record);
    await flush(join(partial, RECORD_FILE));
    await flush(partial);
    await rename(partial, folder);
    await flush(dirname(folder));
    return record;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    signal.throwIfAborted();
    throw error;
  }
}

/** Creates the folder in which a backup is written, and removes that of one that was interrupted. */
async function createPartial(folder: string): Promise<string> {
  const partial = `${folder}.partial`;
  const names = await readdir(partial).catch(() => []);
  if (names.some((name) => !name.startsWith(ARCHIVE_FILE) && !name.startsWith(RECORD_FILE))) {
    throw new AppError('INVALID_INPUT', `${partial} has other files. Use another name.`);
  }
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  return partial;
}

/** Writes a file or the names of a folder to the disk. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
