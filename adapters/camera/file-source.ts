import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../domain/errors.js';

const HEAD_BYTES = 12;
/** Opening a named pipe would wait for its writer without O_NONBLOCK. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Returns the real path of a video of a `file:` URL: a regular MP4, AVI or MKV file inside the
 * allowed folder, also after all symbolic links are followed.
 * @param root value of `VIDETTE_FILE_ROOT`.
 * @throws AppError `INVALID_INPUT` if the file is not allowed, missing or of another kind.
 */
export async function resolveVideoFile(url: string, root: string | undefined): Promise<string> {
  if (root === undefined) {
    throw failed('files are not allowed', 'Set VIDETTE_FILE_ROOT to the folder of your videos.');
  }
  const path = await realpath(pathOf(url)).catch(() => undefined);
  const folder = await realpath(root).catch(() => undefined);
  if (folder === undefined) {
    throw failed('the folder of VIDETTE_FILE_ROOT does not exist', `Create ${root}.`);
  }
  // A path outside is reported like a missing one, so that the files of the host stay unknown.
  if (path === undefined || !isInside(path, folder)) {
    throw failed('the file does not exist in VIDETTE_FILE_ROOT', `Copy it into ${root}.`);
  }
  await expectVideo(path);
  return path;
}

function pathOf(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.hostname === '') return fileURLToPath(parsed);
  } catch {
    // Reported below.
  }
  throw failed('its URL is invalid', 'Use file:///FOLDER/VIDEO.mp4.');
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

async function expectVideo(path: string): Promise<void> {
  const file = await open(path, READ_ONLY).catch((cause: unknown) => {
    throw failed('the file cannot be read', 'Check its permissions.', cause);
  });
  try {
    if (!(await file.stat()).isFile()) {
      throw failed('it is not a regular file', 'Give the path of a video.');
    }
    const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (!isKnownContainer(buffer)) {
      throw failed('it is not an MP4, AVI or MKV file', 'Convert it with ffmpeg.');
    }
  } finally {
    await file.close();
  }
}

function isKnownContainer(head: Buffer): boolean {
  const text = head.toString('latin1');
  const isAvi = text.startsWith('RIFF') && text.startsWith('AVI ', 8);
  return isAvi || MP4_ATOMS.includes(text.slice(4, 8)) || text.startsWith('\x1a\x45\xdf\xa3');
}

/** Types of the first atom of MP4 and MOV files. */
const MP4_ATOMS = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide'];

function failed(what: string, advice: string, cause?: unknown): AppError {
  const message = `Failed to open video: ${what}. ${advice}`;
  return new AppError('INVALID_INPUT', message, {}, { cause });
}
