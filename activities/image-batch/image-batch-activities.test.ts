import { gunzipSync } from 'node:zlib';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImageSource, TableFormat } from '../../domain/image-batch/image-batch.js';
import type { ListZip } from '../../domain/image-batch/listed-image.js';
import { SHARD_IMAGES } from '../../domain/image-batch/slices.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ImageLanes } from '../../domain/ports/lanes.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { assembleTable } from './assemble-table.js';
import { listPictures } from './list-pictures.js';
import { predictPictures } from './predict-pictures.js';

const ID = 'b1';
const BUCKET = 'incoming';
const MODEL = { name: 'm', version: 1, sha256: 'a'.repeat(64) };
let objects: ObjectStore;
/** Keys of the images that lanes have predicted. */
let predicted: string[];

beforeEach(async () => {
  objects = createMemoryObjectStore();
  predicted = [];
  await objects.ensureBucket(BUCKETS.results);
  await objects.ensureBucket(BUCKET);
});

/** Runs an activity as a worker does. */
function run<Output>(activity: () => Promise<Output>): Promise<Output> {
  const logger = new DefaultLogger('ERROR');
  const environment = new MockActivityEnvironment({}, { logger });
  return environment.run(activity);
}

const listZip: ListZip = async function* () {
  await Promise.resolve();
  const entry = { offset: 0, stored: 5, isDeflated: true, crc32: 1 };
  yield { key: 'in zip.jpg', size: 9, entry };
  yield { key: 'notes.txt', size: 9, entry };
};

const list = (source: ImageSource) =>
  run(() => listPictures({ objects, listZip }, { batch_id: ID, source }));

async function shard(index: number): Promise<unknown[]> {
  const data = await objects.get(BUCKETS.results, keys.imageShard(ID, index));
  const lines = data.toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

const put = (key: string, data = key) => objects.put(BUCKET, key, data);

/** Lanes for which an image whose key contains "bad" is not an image. */
const lanes: ImageLanes = {
  predict: ({ images }) => {
    predicted.push(...images.map(({ key }) => key));
    const found = images.map(({ key }) =>
      key.includes('bad')
        ? { error: 'not an image' }
        : {
            size: { width: 4, height: 3 },
            found: { kind: 'classes' as const, confidences: [0.25, 0.75] },
          },
    );
    return Promise.resolve({ images: found });
  },
};

const scratch = {
  attempt: (_bytes: number, work: (folder: string) => Promise<unknown>) => work(''),
} as unknown as Scratch;

function predict(slice: number, total: number) {
  const { manifest, path } = localModel('m');
  const model = { path, manifest: { ...manifest, labels: ['bass', 'форель, "wild"'] } };
  const models = { fetch: () => Promise.resolve(model) };
  const input = { batch_id: ID, bucket: BUCKET, model: MODEL, conf: 0.25, slice, total };
  return run(() => predictPictures({ objects, scratch, models, lanes }, input));
}

const assemble = (table: TableFormat, total: number) =>
  run(() => assembleTable({ objects }, { batch_id: ID, table, total }));

const tableBytes = (format: TableFormat) =>
  objects.get(BUCKETS.results, keys.imageTable(ID, format));

describe('listPictures', () => {
  it('lists the images of a prefix once, with etag and size', async () => {
    for (const key of ['day/a.jpg', 'day/b.png', 'day/notes.txt', 'night/c.jpg']) await put(key);
    expect(await list({ bucket: BUCKET, prefix: 'day/' })).toEqual({ total: 2, ignored: 1 });
    await put('day/later.jpg');
    expect(await list({ bucket: BUCKET, prefix: 'day/' })).toEqual({ total: 2, ignored: 1 });
    const { etag } = (await objects.stat(BUCKET, 'day/a.jpg'))!;
    expect(await shard(0)).toMatchObject([
      { key: 'day/a.jpg', etag, size: 9 },
      { key: 'day/b.png' },
    ]);
  });

  it('lists the files of a zip with their places', async () => {
    await put('a.zip');
    expect(await list({ bucket: BUCKET, zip: 'a.zip' })).toEqual({ total: 1, ignored: 1 });
    const { etag } = (await objects.stat(BUCKET, 'a.zip'))!;
    expect(await shard(0)).toEqual([
      {
        ...{ key: 'in zip.jpg', etag, size: 9, object: 'a.zip' },
        entry: { offset: 0, stored: 5, isDeflated: true, crc32: 1 },
      },
    ]);
  });

  it('lists the keys of a list, with names and missing objects', async () => {
    await put('a.jpg');
    await put('list.txt', 'a.jpg\r\n\n{"key":"a.jpg","name":"first"}\nnone.jpg\n');
    expect(await list({ bucket: BUCKET, list: 'list.txt' })).toEqual({ total: 3, ignored: 0 });
    const { etag } = (await objects.stat(BUCKET, 'a.jpg'))!;
    expect(await shard(0)).toEqual([
      { key: 'a.jpg', etag, size: 5 },
      { key: 'first', etag, size: 5, object: 'a.jpg' },
      { key: 'none.jpg', etag: null, size: 0 },
    ]);
  });

  it('splits a long list into shards', async () => {
    const lines = Array.from({ length: SHARD_IMAGES + 1 }, (_, i) => `${i}`);
    await put('list.txt', lines.join('\n'));
    const total = SHARD_IMAGES + 1;
    expect(await list({ bucket: BUCKET, list: 'list.txt' })).toEqual({ total, ignored: 0 });
    expect(await shard(0)).toHaveLength(SHARD_IMAGES);
    expect(await shard(1)).toMatchObject([{ key: `${SHARD_IMAGES}` }]);
  });

  it('rejects a source without images, a missing zip and an invalid list', async () => {
    await put('day/notes.txt');
    const source = { bucket: BUCKET, prefix: 'day/' };
    await expect(list(source)).rejects.toThrow('has no images');
    await expect(list({ bucket: BUCKET, zip: 'none.zip' })).rejects.toThrow(
      'not in the object store',
    );
    await put('list.txt', 'a.jpg\n{"kay":1}');
    await expect(list({ bucket: BUCKET, list: 'list.txt' })).rejects.toThrow('Line 2 of the list');
    await put('long.txt', 'x'.repeat(100_000));
    await expect(list({ bucket: BUCKET, list: 'long.txt' })).rejects.toThrow('Line 1 of the list');
    expect(await objects.stat(BUCKETS.results, keys.imageList(ID))).toBeUndefined();
  });
});

describe('predictPictures and assembleTable', () => {
  const TOTAL = 300;
  const names = Array.from({ length: TOTAL }, (_, i) => `${i === 7 ? 'bad' : 'ok'}-${i}`);
  beforeEach(async () => {
    await put('list.txt', names.map((key) => JSON.stringify({ key: 'x', name: key })).join('\n'));
    await put('x');
    await list({ bucket: BUCKET, list: 'list.txt' });
  });

  it('predict each image of a slice once, with a row for an invalid one', async () => {
    const example = { key: 'bad-7', error: 'not an image' };
    expect(await predict(0, TOTAL)).toEqual({ images: 256, failed: 1, example });
    expect(predicted).toEqual(names.slice(0, 256));
    expect(await predict(0, TOTAL)).toEqual({ images: 256, failed: 1, example });
    expect(predicted).toHaveLength(256);
    expect(await predict(1, TOTAL)).toEqual({ images: 44, failed: 0 });
  });

  it('write JSON lines, CSV and Parquet with a row per image, in the order of the list', async () => {
    for (const slice of [1, 0]) await predict(slice, TOTAL);
    const { size } = await assemble('jsonl.gz', TOTAL);
    const gz = await tableBytes('jsonl.gz');
    expect(gz).toHaveLength(size);
    const lines = gunzipSync(gz).toString().trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ key }) => key)).toEqual(names);
    expect(rows[7]).toMatchObject({ error: 'not an image' });

    await assemble('csv', TOTAL);
    const csv = (await tableBytes('csv')).toString().trimEnd().split('\r\n');
    const header = 'key,etag,class,confidence,width,height,p_bass,"p_форель, ""wild""",error';
    expect(csv[0]).toBe(header);
    expect(csv).toHaveLength(TOTAL + 1);
    expect(csv[1]).toMatch(/^ok-0,[0-9a-f]+,"форель, ""wild""",0.75,4,3,0.25,0.75,$/);
    expect(csv[8]).toMatch(/^bad-7,[0-9a-f]+,,,,,,,not an image$/);

    await assemble('parquet', TOTAL);
    const { buffer, byteOffset, byteLength } = await tableBytes('parquet');
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    expect(Number(parquetMetadata(file).num_rows)).toBe(TOTAL);
    const read = await parquetReadObjects({ file });
    expect(read.map(({ key }) => key as unknown)).toEqual(names);
    expect(read[0]).toMatchObject({ class: 'форель, "wild"', confidence: 0.75, width: 4 });
    expect(read[7]).toMatchObject({ error: 'not an image', confidence: null, p_bass: null });
  });

  it('does not assemble a table without all parts', async () => {
    await predict(0, TOTAL);
    await expect(assemble('csv', TOTAL)).rejects.toThrow('Part 1 of batch b1 has no rows');
    expect(await objects.stat(BUCKETS.results, keys.imageTable(ID, 'csv'))).toBeUndefined();
  });
});
