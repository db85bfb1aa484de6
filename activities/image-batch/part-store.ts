import { gunzipSync, gzipSync } from 'node:zlib';
import type { ImageList } from '../../domain/image-batch/image-batch.js';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** Reads the description of the list of a batch; undefined until the list is complete. */
export async function findImageList(
  objects: Pick<ObjectStore, 'find'>,
  batchId: string,
): Promise<ImageList | undefined> {
  const data = await objects.find(BUCKETS.results, keys.imageList(batchId));
  return data && (JSON.parse(data.toString('utf8')) as ImageList); // written by `listPictures`
}

/** Part of a table: its rows, and the compressed JSON lines in which they are stored. */
export interface ImagePart {
  readonly rows: readonly ImageRow[];
  readonly data: Buffer;
}

/** Encodes rows as compressed JSON lines; the concatenation of parts is one file. */
export function encodeImagePart(rows: readonly ImageRow[]): Buffer {
  return gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** Reads the part of a slice; undefined if it does not exist. */
export async function findImagePart(
  objects: Pick<ObjectStore, 'find'>,
  batchId: string,
  slice: number,
): Promise<ImagePart | undefined> {
  const data = await objects.find(BUCKETS.results, keys.imagePart(batchId, slice));
  if (!data) return undefined;
  const lines = gunzipSync(data).toString('utf8').split('\n').slice(0, -1);
  return { data, rows: lines.map((line) => JSON.parse(line) as ImageRow) };
}
