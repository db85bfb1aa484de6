import { Readable } from 'node:stream';
import { makeZip } from 'client-zip';
import type { DatasetImage, DatasetItem } from '../../domain/dataset/dataset-item.js';
import type { DatasetFile, DatasetSource } from '../../domain/dataset/dataset-file.js';
import { datasetFiles, type DatasetFormat } from '../../domain/dataset/export-files.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** Name of the file that lists the images of a version that are not in its export. */
const LEFT_OUT = 'left-out.jsonl';

/**
 * Streams an export of a data set as a ZIP; one image at a time is in memory. Erased images are left
 * out, and listed in `left-out.jsonl`.
 */
export function zipDataset(
  objects: Pick<ObjectStore, 'find'>,
  source: DatasetSource,
  format: DatasetFormat,
  erased: Erased = new Map(),
): Readable {
  const items = () => withoutErased(source.items(), erased);
  const files = withLeftOut(datasetFiles({ ...source, items }, format), source, erased);
  const zip = makeZip(zipEntries(objects, source, files));
  return Readable.fromWeb(zip as Parameters<typeof Readable.fromWeb>[0]); // the same class, of another typing
}

/** Erased images with the times of their erasure. */
type Erased = ReadonlyMap<string, Date>;

async function* withoutErased(items: AsyncIterable<DatasetItem>, erased: Erased) {
  for await (const item of items) if (!erased.has(item.picture.sha256)) yield item;
}

/** Yields the files, and a list of the erased images if the version has any. */
async function* withLeftOut(
  files: AsyncIterable<DatasetFile>,
  { items }: DatasetSource,
  erased: Erased,
): AsyncGenerator<DatasetFile> {
  yield* files;
  if (erased.size === 0) return;
  const lines: string[] = [];
  for await (const { picture: image, split } of items()) {
    const time = erased.get(image.sha256);
    if (!time) continue;
    const line = { sha256: image.sha256, split, reason: 'erased', time: time.toISOString() };
    lines.push(`${JSON.stringify(line)}\n`);
  }
  if (lines.length > 0) yield { name: LEFT_OUT, text: lines.join('') };
}

/** Yields files with a fixed time, so that the same version gives the same bytes. */
async function* zipEntries(
  objects: Pick<ObjectStore, 'find'>,
  { manifest }: DatasetSource,
  files: AsyncIterable<DatasetFile>,
) {
  const lastModified = new Date(manifest.created_at);
  for await (const file of files) {
    if (file.text !== undefined) yield { name: file.name, input: file.text, lastModified };
    else if (!file.image) yield { name: file.name, lastModified };
    else yield { name: file.name, input: await readImage(objects, file.image), lastModified };
  }
}

async function readImage(
  objects: Pick<ObjectStore, 'find'>,
  { sha256 }: DatasetImage,
): Promise<Uint8Array<ArrayBuffer>> {
  const data = await objects.find(BUCKETS.pictures, keys.image(sha256));
  if (data) return new Uint8Array(data);
  throw new AppError(
    'INCOMPLETE_RESULT',
    `Image ${sha256} of the data set is not stored any more. Build the data set again: the next version leaves it out.`,
    { sha256 },
  );
}
