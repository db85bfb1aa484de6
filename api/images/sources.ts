import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 as hashOf } from '../../domain/hash.js';

/** Facts about the bytes of a file; hashes are in lower-case hexadecimal. */
interface FileFacts {
  readonly md5: string;
  readonly sha256: string;
}

/** Image in a file of the request's folder, unchanged. */
export interface ImageFile extends FileFacts {
  readonly path: string;
  readonly mediaType: ImageType;
  /** Name at the start of a sentence in messages. */
  readonly displayName: string;
  /** Whether the image is a frame; otherwise the EXIF orientation is applied. */
  readonly isFrame: boolean;
}

/** Media types of supported images. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** Facts about a file; `mediaType` is undefined if it is not a supported image. */
export interface CheckedFile extends FileFacts {
  readonly mediaType: ImageType | undefined;
}

const HEAD_BYTES = 12;

/** Writes data to a file and checks it. */
export async function saveImage(source: Readable | Buffer, path: string): Promise<CheckedFile> {
  if (Buffer.isBuffer(source)) {
    await writeFile(path, source, { flag: 'wx', mode: 0o600 });
    return factsOf(source);
  }
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let head = Buffer.alloc(0);
  const observe = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      md5.update(chunk);
      sha256.update(chunk);
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      }
      yield chunk;
    }
  };
  await pipeline(source, observe, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex'), mediaType: imageTypeOf(head) };
}

/** Like {@link saveImage}, for an existing file. */
export async function checkImage(path: string): Promise<CheckedFile> {
  return factsOf(await readFile(path));
}

function factsOf(data: Buffer): CheckedFile {
  return {
    md5: createHash('md5').update(data).digest('hex'),
    sha256: hashOf(data),
    mediaType: imageTypeOf(data),
  };
}

/** Whether a file is a supported image. */
export function isImage(
  file: CheckedFile,
): file is CheckedFile & { readonly mediaType: ImageType } {
  return file.mediaType !== undefined;
}

/** Media type of data that begins with the signature of a JPEG, PNG or WebP file. */
export function imageTypeOf(head: Buffer): ImageType | undefined {
  const isJpeg = head.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff));
  const isPng = head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  const isWebp =
    head.subarray(0, 4).toString('latin1') === 'RIFF' &&
    head.subarray(8, 12).toString('latin1') === 'WEBP';
  if (isJpeg) return 'image/jpeg';
  if (isPng) return 'image/png';
  return isWebp ? 'image/webp' : undefined;
}
