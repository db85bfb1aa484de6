import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';

const ROTATE_BYTES = 10 * 1024 ** 2;
const TAIL_BYTES = 256 * 1024;

/** Size of a file in bytes; 0 if it is missing. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** Moves a log of more than 10 MiB aside to `{path}.1`. */
export async function rotateLog(path: string): Promise<void> {
  if ((await sizeOf(path)) > ROTATE_BYTES) await rename(path, `${path}.1`);
}

/**
 * Copies a log of more than `maxBytes` to `{path}.1` and empties it, while a process appends to it. Lines
 * that are written in between are lost.
 */
export async function emptyLargeLog(path: string, maxBytes = ROTATE_BYTES): Promise<void> {
  if ((await sizeOf(path)) <= maxBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** Reads a file from an offset; empty if it is missing. */
export async function readFrom(path: string, offset: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return Buffer.alloc(0);
  try {
    const length = Math.max(0, (await file.stat()).size - offset);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Returns the last non-empty lines of a log; empty if there is no log. */
export async function lastLines(path: string, count: number): Promise<string> {
  return (await readTail(path, count)).lines.join('\n');
}

/** Returns the last non-empty lines of a log, and the offset in bytes at which new ones begin. */
export async function readTail(
  path: string,
  count: number,
): Promise<{ readonly lines: readonly string[]; readonly end: number }> {
  const offset = Math.max(0, (await sizeOf(path)) - TAIL_BYTES);
  const bytes = await readFrom(path, offset);
  const lines = bytes.toString().split('\n');
  return {
    lines: lines.filter((line) => line.trim() !== '').slice(-count),
    end: offset + bytes.length,
  };
}
