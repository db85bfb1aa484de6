import { open, readFile, rename, stat } from 'node:fs/promises';

const ROTATE_BYTES = 10 * 1024 ** 2;
const TAIL_BYTES = 16 * 1024;

/** Size of a file in bytes; 0 if it is missing. */
async function sizeOf(path: string): Promise<number> {
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

/** Reads a file from an offset. */
async function readFrom(path: string, offset: number): Promise<Buffer> {
  const file = await open(path, 'r');
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
  const offset = Math.max(0, (await sizeOf(path)) - TAIL_BYTES);
  const text = offset > 0 ? await readFrom(path, offset) : await readFile(path).catch(() => '');
  const lines = text.toString().split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
