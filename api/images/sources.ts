import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Image in a file of the request's folder, unchanged. */
export interface ImageFile {
  readonly path: string;
  /** MD5 of the file, lower-case hex. */
  readonly md5: string;
  /** Name at the start of a sentence in messages. */
  readonly displayName: string;
  /** Whether the image is a frame; otherwise the EXIF orientation is applied. */
  readonly isFrame: boolean;
}

const HEAD_BYTES = 12;

/** Writes data to a file; `isImage` is whether it has the signature of a supported image. */
export async function saveImage(
  source: Readable | Buffer,
  path: string,
): Promise<{ readonly md5: string; readonly isImage: boolean }> {
  const hash = createHash('md5');
  if (Buffer.isBuffer(source)) {
    await writeFile(path, source, { flag: 'wx', mode: 0o600 });
    return { md5: hash.update(source).digest('hex'), isImage: hasImageSignature(source) };
  }
  let head = Buffer.alloc(0);
  const observe = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      }
      yield chunk;
    }
  };
  await pipeline(source, observe, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { md5: hash.digest('hex'), isImage: hasImageSignature(head) };
}

/** Like {@link saveImage}, for an existing file. */
export async function checkImage(path: string): Promise<{ md5: string; isImage: boolean }> {
  const file = await open(path);
  try {
    const hash = createHash('md5');
    const data = await file.readFile();
    return { md5: hash.update(data).digest('hex'), isImage: hasImageSignature(data) };
  } finally {
    await file.close();
  }
}

/** Whether data begins with the signature of a JPEG, PNG or WebP file. */
export function hasImageSignature(head: Buffer): boolean {
  const isJpeg = head.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff));
  const isPng = head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  const isWebp =
    head.subarray(0, 4).toString('latin1') === 'RIFF' &&
    head.subarray(8, 12).toString('latin1') === 'WEBP';
  return isJpeg || isPng || isWebp;
}
