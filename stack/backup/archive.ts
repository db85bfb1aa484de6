import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
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

/**
 * Extracts all files of a tar file to a folder.
 * @returns its SHA-256. @throws AppError `SETUP_FAILED` with the reason.
 */
export async function extractArchive({ archive, folder, signal }: ArchiveOptions): Promise<string> {
  const args = ['--extract', '--file', '-', ATTRIBUTES, '--preserve-permissions'];
  const hash = createHash('sha256');
  const tar = startTar([...args, '--no-same-owner', '--directory', folder], signal);
  const copying = pipeline(createReadStream(archive), (chunks) => hashed(chunks, hash), tar.stdin);
  await bothOrFail(copying, tar, `The archive ${archive} could not be extracted`);
  return hash.digest('hex');
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

function startTar(args: readonly string[], cancelSignal: AbortSignal) {
  const streams = { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' } as const;
  return execa('tar', args, {
    ...{ ...streams, buffer: { stdout: false, stderr: true }, reject: false, cancelSignal },
    env: { LC_ALL: 'C' },
  });
}

/** Waits for tar and for the stream to or from it; ends tar if the stream fails. */
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
  // What tar reports is more precise than that it closed its input.
  const said = ended.stderr.trim().split('\n').slice(0, 3).join('; ');
  const why = said || reason || ended.shortMessage;
  throw new AppError('SETUP_FAILED', `${failure}: ${why ?? 'tar ended without a reason'}.`);
}
