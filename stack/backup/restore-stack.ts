import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { sha256OfChunks } from '../../domain/hash.js';
import { dataPaths, makeDataFolder } from '../data-folder.js';
import type { OnStep } from '../on-step.js';
import { withStackLock } from '../up.js';
import { extractArchive } from './archive.js';
import { findParts, PARTS } from './backup-parts.js';
import { ARCHIVE_FILE, type BackupRecord, readRecord } from './backup-record.js';
import { expectRoom } from './expect-room.js';

export interface RestoreOptions {
  readonly config: Config;
  readonly onStep: OnStep;
  /** Folder of the backup. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Restores a backup into a data folder without data. A restore that was interrupted is repeated from
 * its beginning; until then no stack starts on the folder.
 * @throws AppError `INVALID_INPUT` if the data folder has data, or the backup is of a newer version;
 *   `SETUP_FAILED` if it is damaged or the disk is full.
 */
export async function restoreStack(options: RestoreOptions): Promise<BackupRecord> {
  const { config, onStep } = options;
  const dataDir = resolve(config.dataDir);
  const record = await checkBackup(options);
  await makeDataFolder(dataDir, resolve(config.scratchDir));
  return withStackLock(dataDir, onStep, async () => {
    const { restoring } = dataPaths(dataDir);
    await removeInterrupted(dataDir, onStep);
    await expectNoData(dataDir);
    await expectRoom(dataDir, record.bytes);
    onStep(`Restoring ${options.folder} to ${dataDir}.`);
    await mkdir(restoring, { mode: 0o700 });
    await extractParts(record, restoring, options);
    await execa('sync');
    for (const part of record.parts) await moveInto(dataDir, restoring, part);
    await rm(restoring, { recursive: true });
    return record;
  });
}

/** Checks that a backup is complete and undamaged. @throws AppError as {@link restoreStack} does. */
export async function checkBackup({
  folder,
  onStep,
  signal,
}: Omit<RestoreOptions, 'config'>): Promise<BackupRecord> {
  const record = await readWhole(folder);
  const archive = join(folder, ARCHIVE_FILE);
  onStep(`Verifying ${archive}.`);
  const sha256 = await sha256OfChunks(createReadStream(archive, { signal }));
  if (sha256 === record.sha256) return record;
  throw damaged(`The SHA-256 of ${archive} is ${sha256}, not ${record.sha256}`);
}

/** Reads the record of a backup whose archive has its size. */
async function readWhole(folder: string): Promise<BackupRecord> {
  const record = await readRecord(folder);
  const archive = join(folder, ARCHIVE_FILE);
  const size = (await stat(archive).catch(() => undefined))?.size;
  if (size === record.bytes) return record;
  const found = size === undefined ? 'is missing' : `has ${size} bytes instead of ${record.bytes}`;
  throw damaged(`${archive} ${found}`);
}

async function extractParts(
  record: BackupRecord,
  restoring: string,
  { folder, signal }: RestoreOptions,
): Promise<void> {
  try {
    const archive = join(folder, ARCHIVE_FILE);
    await extractArchive({ archive, folder: restoring, signal });
    const names = await readdir(restoring);
    const isExpected = (name: string) => PARTS.some((part) => part === name);
    if (names.length !== record.parts.length || !names.every(isExpected)) {
      throw damaged(`${archive} contains ${names.join(', ')}`);
    }
  } catch (error) {
    await rm(restoring, { recursive: true, force: true });
    signal.throwIfAborted();
    throw error;
  }
}

/** Removes what an interrupted restore left: the folder had no other data when it began. */
async function removeInterrupted(dataDir: string, onStep: OnStep): Promise<void> {
  const { restoring } = dataPaths(dataDir);
  if (!(await stat(restoring).catch(() => undefined))) return;
  onStep('Removing the files of a restore that was interrupted.');
  for (const part of PARTS) await rm(join(dataDir, part), { recursive: true, force: true });
  await rm(restoring, { recursive: true });
}

async function expectNoData(dataDir: string): Promise<void> {
  const parts = await findParts(dataDir);
  if (parts.length === 0) return;
  throw new AppError(
    'INVALID_INPUT',
    `${dataDir} already has data (${parts.join(', ')}). Restore into an empty folder, by VIDETTE_DATA_DIR, or move this one away.`,
  );
}

async function moveInto(dataDir: string, restoring: string, part: string): Promise<void> {
  await rm(join(dataDir, part), { recursive: true, force: true }); // an empty folder
  await rename(join(restoring, part), join(dataDir, part));
}

function damaged(found: string): AppError {
  return new AppError('SETUP_FAILED', `The backup is damaged: ${found}. Use another backup.`);
}
