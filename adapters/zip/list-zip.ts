import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { AppError, messageOf } from '../../domain/errors.js';
import type { StoredZip, ZipFile } from '../../domain/image-batch/listed-image.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

type Objects = Pick<ObjectStore, 'getRange'>;

/** Number of bytes that are read at once: the directory of a zip has an entry per file. */
const BLOCK = 1024 ** 2;
const DEFLATED = 8;

/**
 * Lists the files of a zip in the object store by its directory, without reading their content; leaves
 * out folders. Encrypted files and unknown compressions are listed; their content is not readable.
 * @throws AppError `INVALID_INPUT` if it is not a zip.
 */
export async function* listZip(
  objects: Objects,
  zip: StoredZip,
  signal: AbortSignal,
): AsyncGenerator<ZipFile, void> {
  const reader = new ObjectReader(objects, zip, signal);
  try {
    const directory = await fromRandomAccessReaderPromise(reader, zip.size, { autoClose: false });
    for await (const entry of directory.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const { relativeOffsetOfLocalHeader: offset, compressedSize: stored, crc32 } = entry;
      const isDeflated = entry.compressionMethod === DEFLATED;
      const place = { offset, stored, isDeflated, crc32 };
      yield { key: entry.fileName, size: entry.uncompressedSize, entry: place };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw notAZip(zip, error);
  }
}

/** Reads ranges of an object in blocks, of which it keeps the last one. */
class ObjectReader extends RandomAccessReader {
  private block: { readonly start: number; readonly data: Buffer } = {
    start: 0,
    data: Buffer.alloc(0),
  };

  constructor(
    private readonly objects: Objects,
    private readonly zip: StoredZip,
    private readonly signal: AbortSignal,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.load(position, length).then(
      (data) => {
        data.copy(buffer, offset);
        callback(null);
      },
      (error: unknown) => callback(error as Error),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { load } = this;
    return Readable.from(
      (async function* () {
        yield await load(start, end - start);
      })(),
    );
  }

  private readonly load = async (position: number, length: number): Promise<Buffer> => {
    const end = position + length;
    const { start, data } = this.block;
    if (position < start || end > start + data.length) await this.fetch(position, length);
    const from = position - this.block.start;
    return this.block.data.subarray(from, from + length);
  };

  private async fetch(position: number, length: number): Promise<void> {
    const { bucket, key, size } = this.zip;
    const bytes = Math.min(Math.max(BLOCK, length), size - position);
    const { objects, signal } = this;
    const data = await objects.getRange(bucket, key, position, bytes, { signal });
    this.block = { start: position, data };
  }
}

function notAZip({ bucket, key }: StoredZip, cause: unknown): AppError {
  return new AppError(
    'INVALID_INPUT',
    `${bucket}/${key} is not a zip that can be read: ${messageOf(cause)}. Create it again.`,
    {},
    { cause },
  );
}
