import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes to a temporary file and renames it, so that a failed export leaves the target unchanged. */
export async function writeWhole(
  stream: Readable,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${path}.${process.pid}.partial`;
  try {
    await pipeline(stream, createWriteStream(draft), { signal });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
