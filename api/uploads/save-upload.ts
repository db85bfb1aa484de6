import { createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tooLarge } from './store-upload.js';

/** Writes an uploaded file to a path that does not exist. @throws AppError `LIMIT_EXCEEDED`. */
export async function saveUpload(data: Readable, path: string, maxBytes: number): Promise<void> {
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      next(size > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  await pipeline(data, limit, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}
