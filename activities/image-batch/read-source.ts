import type { Readable } from 'node:stream';
import { pMapIterable } from 'p-map';
import type { ImageSource } from '../../domain/image-batch/image-batch.js';
import { type ListedKey, parseListedKey } from '../../domain/image-batch/key-list.js';
import {
  isImageName,
  type ListedImage,
  type ListZip,
} from '../../domain/image-batch/listed-image.js';
import { AppError } from '../../domain/errors.js';
import type { ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';

/** An image, or the key of an object without the name of an image. */
export type ListedObject = ListedImage | { readonly ignored: string };

interface ReadSourceDeps {
  readonly objects: Pick<ObjectStore, 'getStream' | 'listSizes' | 'stat'>;
  readonly listZip: ListZip;
}

/** Number of listed objects whose etags are read at the same time. */
const CONCURRENT_STATS = 16;
/** Maximum length of a line of a list: two keys in JSON, in which each character may be escaped. */
const LINE_MAX = 16_384;

/** Reads the images of a source, in the order of the source. */
export function readSource(
  deps: ReadSourceDeps,
  source: ImageSource,
  signal: AbortSignal,
): AsyncIterable<ListedObject> {
  const { bucket } = source;
  if ('prefix' in source) return readPrefix(deps, bucket, source.prefix, signal);
  if ('zip' in source) return readZip(deps, bucket, source.zip, signal);
  return readList(deps, bucket, source.list, signal);
}

async function* readPrefix(
  { objects }: ReadSourceDeps,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ListedObject, void> {
  for await (const { key, size, etag } of objects.listSizes(bucket, prefix, { signal }))
    yield isImageName(key) ? { key, etag, size } : { ignored: key };
}

async function* readZip(
  { objects, listZip }: ReadSourceDeps,
  bucket: string,
  object: string,
  signal: AbortSignal,
): AsyncGenerator<ListedObject, void> {
  const { size, etag } = await expectObject(objects, bucket, object, signal);
  for await (const file of listZip({ bucket, key: object, size }, signal))
    yield isImageName(file.key) ? { ...file, etag, object } : { ignored: file.key };
}

async function* readList(
  { objects }: ReadSourceDeps,
  bucket: string,
  list: string,
  signal: AbortSignal,
): AsyncGenerator<ListedObject, void> {
  await expectObject(objects, bucket, list, signal);
  const describe = async ({ key, name = key }: ListedKey): Promise<ListedImage> => {
    const found = await objects.stat(bucket, key, { signal });
    const object = name === key ? {} : { object: key };
    return { key: name, etag: found?.etag ?? null, size: found?.size ?? 0, ...object };
  };
  const lines = readKeys(await objects.getStream(bucket, list, { signal }));
  yield* pMapIterable(lines, describe, { concurrency: CONCURRENT_STATS });
}

async function* readKeys(input: Readable): AsyncGenerator<ListedKey, void> {
  let number = 0;
  for await (const line of readLines(input)) {
    const listed = parseListedKey(line, ++number);
    if (listed) yield listed;
  }
}

/** Splits a text into lines; one that is too long for a key is cut, so that it is rejected. */
async function* readLines(input: Readable): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!; // a split text has at least one part
    yield* lines;
    if (rest.length > LINE_MAX) break;
  }
  yield rest;
}

async function expectObject(
  objects: Pick<ObjectStore, 'stat'>,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<ObjectStat> {
  const found = await objects.stat(bucket, key, { signal });
  if (found) return found;
  throw new AppError(
    'INVALID_INPUT',
    `${bucket}/${key} is not in the object store. Upload it, or correct bucket and key.`,
  );
}
