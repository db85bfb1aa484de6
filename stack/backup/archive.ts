import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { AppError, messageOf } from '../../domain/errors.js';

/** An archive of files. */
export interface Archive {
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: string;
}

interface ArchiveOptions {
  /** Path of the archive. */
  readonly archive: string;
  /** Folder of the archived files. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Keeps extended attributes, in which versitygw stores the metadata of objects. */
const ATTRIBUTES = '--xattrs';
/** Messages in English. */
const ENVIRONMENT = { LC_ALL: 'C' };

/**
 * Writes files and folders to a tar file, which is on the disk when this resolves.
 * @throws AppError `SETUP_FAILED` with the reason, for example a full disk.
 */
export async function writeArchive(
  { archive, folder, signal }: ArchiveOptions,
  names: readonly string[],
): Promise<Archive> {
  const args = ['--create', '--file', '-', ATTRIBUTES, '--directory', folder, '--', ...names];
  const hash = createHash('sha256');
  const tar = startTar(args, signal);
  const file = createWriteStream(archive, { flags: 'wx', mode: 0o600, flush: true });
  const copying = pipeline(tar.stdout, (chunks) => hashed(chunks, hash), file);
  await bothOrFail(copying, tar, `The archive ${archive} could not be written`);
  return { bytes: (await stat(archive)).size, sha256: hash.digest('hex') };
}

/** Extracts all files of a tar file to a folder. @throws AppError `SETUP_FAILED` with the reason. */
export async function extractArchive({ archive, folder, signal }: ArchiveOptions): Promise<void> {
  const args = ['--extract', '--file', basename(archive), ATTRIBUTES, '--preserve-permissions'];
  // By its name alone: a colon in a path would be the end of the name of another machine.
  const { failed, stderr, shortMessage } = await execa(
    'tar',
    [...args, '--no-same-owner', '--directory', folder],
    { cwd: dirname(archive), env: ENVIRONMENT, reject: false, cancelSignal: signal },
  );
  if (failed)
    throw archiveError(`The archive ${archive} could not be extracted`, stderr, shortMessage);
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

function startTar(args: readonly string[], cancelSignal: AbortSignal) {
  return execa('tar', args, {
    ...{ stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    ...{ buffer: { stdout: false, stderr: true }, reject: false, cancelSignal },
    env: ENVIRONMENT,
  });
}

/** Waits for tar and for the stream from it; ends tar if the stream fails. */
async function bothOrFail(
  copying: Promise<void>,
  tar: ReturnType<typeof startTar>,
  failure: string,
): Promise<void> {
  const copied = copying.then(
    () => undefined,
    (error: unknown) => {
      tar.kill();
      return messageOf(error);
    },
  );
  const ended = await tar;
  const reason = await copied;
  if (!ended.failed && reason === undefined) return;
  throw archiveError(failure, ended.stderr, reason ?? ended.shortMessage);
}

/** What tar reports is more precise than that a stream was closed. */
function archiveError(failure: string, stderr: string, reason: string | undefined): AppError {
  const said = stderr.trim().split('\n').slice(0, 3).join('; ');
  return new AppError('SETUP_FAILED', `${failure}: ${said || (reason ?? 'unknown')}.`);
}
