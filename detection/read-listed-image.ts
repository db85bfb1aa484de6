import { crc32, inflateRawSync } from 'node:zlib';
import { AppError, messageOf } from '../domain/errors.js';
import type { ListedImage, ZipPlace } from '../domain/image-batch/listed-image.js';
import type { ObjectStore } from '../domain/ports/object-store.js';

export interface ReadListedDeps {
  readonly objects: Pick<ObjectStore, 'find' | 'stat' | 'getRange'>;
  /** Maximum size of an image in bytes. */
  readonly maxBytes: number;
}

/** Length of the fixed part of a local header, and the offsets of its variable lengths. */
const HEADER = { bytes: 30, nameLength: 26, extraLength: 28 } as const;

/**
 * Reads an image of a list, as it was when the list was written.
 * @throws AppError `LIMIT_EXCEEDED`, or `DECODE_FAILED` if it does not exist, was replaced or is damaged.
 */
export async function readListedImage(
  { objects, maxBytes }: ReadListedDeps,
  bucket: string,
  image: ListedImage,
  signal: AbortSignal,
): Promise<Buffer> {
  if (image.etag === null) throw unreadable('The object does not exist.');
  const bytes = Math.max(image.size, image.entry?.stored ?? 0);
  if (bytes > maxBytes) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `It has ${bytes} bytes; the limit is ${maxBytes} (VIDETTE_MAX_PICTURE_MB). Make it smaller.`,
    );
  }
  const key = image.object ?? image.key;
  const data = image.entry
    ? await readEntry(objects, { bucket, key }, { ...image.entry, size: image.size }, signal)
    : await objects.find(bucket, key, { signal });
  if (!data) throw unreadable('The object was removed after the list was written.');
  // Afterwards: bytes that were read before the object was replaced have the etag of the list.
  const now = await objects.stat(bucket, key, { signal });
  if (now?.etag === image.etag) return data;
  throw unreadable('The object was replaced after the list was written.');
}

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

async function readEntry(
  objects: ReadListedDeps['objects'],
  { bucket, key }: ObjectPlace,
  { offset, stored, isDeflated, crc32: expected, size }: ZipPlace & { readonly size: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const header = await objects.getRange(bucket, key, offset, HEADER.bytes, { signal });
  if (header.length < HEADER.bytes) throw unreadable('The zip is cut off.');
  const names = header.readUInt16LE(HEADER.nameLength) + header.readUInt16LE(HEADER.extraLength);
  const start = offset + HEADER.bytes + names;
  const packed = await objects.getRange(bucket, key, start, stored, { signal });
  const data = isDeflated ? inflate(packed, size) : packed;
  if (data.length === size && crc32(data) === expected) return data;
  throw unreadable('The file in the zip is damaged: its checksum differs.');
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw unreadable(`The file in the zip is damaged: ${messageOf(cause)}.`);
  }
}

function unreadable(message: string): AppError {
  return new AppError('DECODE_FAILED', message);
}
