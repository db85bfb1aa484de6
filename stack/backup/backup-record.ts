import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { SHA256 } from '../../domain/names.js';
import { VERSION } from '../../platform/version.js';

/** Files of a backup. */
export const RECORD_FILE = 'backup.json';
export const ARCHIVE_FILE = 'data.tar';

/** Version of the layout of backups; a change that older builds cannot read raises it. */
const FORMAT = 1;

const backupRecordSchema = z.object({
  format: z.literal(FORMAT),
  /** Version of Vidette that made the backup. */
  vidette: z.string().regex(/^\d+\.\d+\.\d+/),
  created_at: z.iso.datetime(),
  /** Files and folders of the data folder. */
  parts: z.array(z.string()).min(1),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(SHA256),
});

/** Description of a backup, which is complete once this file exists. */
export type BackupRecord = z.infer<typeof backupRecordSchema>;

/** Creates the record of a backup of this version. */
export function createRecord(
  archive: Pick<BackupRecord, 'parts' | 'bytes' | 'sha256'>,
): BackupRecord {
  return { format: FORMAT, vidette: VERSION, created_at: new Date().toISOString(), ...archive };
}

/**
 * Reads the record of a backup.
 * @throws AppError `INVALID_INPUT` if the folder has none, or a newer version made it.
 */
export async function readRecord(folder: string): Promise<BackupRecord> {
  const stored = await readStored(join(folder, RECORD_FILE));
  const format = formatOf(stored);
  if (format !== undefined && format > FORMAT) throw tooNew(folder, `format ${format}`);
  const record = backupRecordSchema.safeParse(stored);
  if (!record.success) {
    throw invalid(`${join(folder, RECORD_FILE)} is not the record of a backup.`);
  }
  if (isNewer(record.data.vidette)) throw tooNew(folder, `Vidette ${record.data.vidette}`);
  return record.data;
}

async function readStored(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const advice = 'Give the folder that "vidette backup" created.';
    throw invalid(`The record of the backup cannot be read: ${messageOf(error)}. ${advice}`);
  }
}

function formatOf(stored: unknown): number | undefined {
  return z.object({ format: z.number() }).safeParse(stored).data?.format;
}

function isNewer(version: string): boolean {
  return version.localeCompare(VERSION, 'en', { numeric: true }) > 0;
}

function tooNew(folder: string, made: string): AppError {
  return invalid(
    `The backup ${folder} has ${made}; this is Vidette ${VERSION}, which cannot read newer data. Install that version or a newer one.`,
  );
}

function invalid(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}
