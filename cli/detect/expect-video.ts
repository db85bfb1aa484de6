import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { describeOtherFile, FILE_KIND_BYTES } from '../../domain/video/file-kind.js';

/** Rejects a file that is certainly not a video, before it is uploaded. @throws AppError `BAD_VIDEO`. */
export async function expectVideoFile(path: string): Promise<void> {
  const kind = describeOtherFile(await readStart(path));
  if (kind === undefined) return;
  throw new AppError('BAD_VIDEO', `${basename(path)} is ${kind}. Give a video file.`);
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FILE_KIND_BYTES));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
