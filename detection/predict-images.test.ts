import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { downloadZip } from 'client-zip';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listZip } from '../adapters/zip/list-zip.js';
import { AppError } from '../domain/errors.js';
import type { ListedImage } from '../domain/image-batch/listed-image.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { TaskModel } from '../models/open-for-task.js';
import { localModel } from '../test/support/lane-jobs.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { readInFlight } from './in-flight-marker.js';
import { predictImages } from './predict-images.js';

const BUCKET = 'incoming';
const LIMITS = { maxBytes: 10_000, maxPixels: 10_000 };
let folder: string;
let objects: ObjectStore;
let image: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-predict-images-'));
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKET);
  image = await imageOf(8, 6);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const imageOf = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();

async function listed(key: string, data: Buffer): Promise<ListedImage> {
  await objects.put(BUCKET, key, data);
  const { etag, size } = (await objects.stat(BUCKET, key))!;
  return { key, etag, size };
}

/** Predicts on images, with a model that fails on each call in `failing`. */
async function run(
  images: readonly ListedImage[],
  failing: readonly number[] = [],
  error = new Error('no output'),
) {
  const marked: unknown[] = [];
  const progress: number[] = [];
  const task: TaskModel = {
    contentSize: () => ({ width: 2, height: 2 }),
    predict: () => {
      marked.push(readInFlight(folder));
      if (failing.includes(marked.length)) return Promise.reject(error);
      return Promise.resolve({ kind: 'classes', confidences: Float64Array.of(0.25, 0.75) });
    },
    close: () => Promise.resolve(),
  };
  const numbered = images.map((each, number) => ({ ...each, number: number + 10 }));
  const job = { model: localModel('m'), folder, bucket: BUCKET, images: numbered, conf: 0.25 };
  const options = {
    signal: new AbortController().signal,
    onFrames: (n: number) => progress.push(n),
  };
  const result = await predictImages({ objects, limits: LIMITS, task }, job, options);
  return { found: result.images, fastestMs: result.fastestMs, marked, progress };
}

it('predicts on each image, and records the one in flight', async () => {
  const images = [await listed('a.png', image), await listed('b.png', await imageOf(4, 4))];
  const { found, fastestMs, marked, progress } = await run(images);
  expect(fastestMs).toBeGreaterThan(0);
  const classes = { kind: 'classes', confidences: [0.25, 0.75] };
  expect(found).toEqual([
    { size: { width: 8, height: 6 }, found: classes },
    { size: { width: 4, height: 4 }, found: classes },
  ]);
  expect(marked).toEqual([{ frame: 10 }, { frame: 11 }]);
  expect(progress).toEqual([1, 2]);
  expect(readInFlight(folder)).toBeUndefined();
});

it('gives an invalid image its reason, and predicts on the others', async () => {
  const replaced = await listed('replaced.png', image);
  await objects.put(BUCKET, 'replaced.png', await imageOf(3, 3));
  const removed = await listed('removed.png', image);
  await objects.remove(BUCKET, 'removed.png');
  const { found } = await run([
    await listed('text.png', Buffer.from('This is not an image.')),
    await listed('cut.png', image.subarray(0, image.length - 20)),
    await listed('empty.png', Buffer.alloc(0)),
    await listed('wide.png', await imageOf(5000, 3)),
    await listed('large.png', Buffer.alloc(LIMITS.maxBytes + 1)),
    { key: 'none.png', etag: null, size: 0 },
    replaced,
    removed,
    await listed('good.png', image),
  ]);
  const reasons = found.map((each) => ('error' in each ? each.error : null));
  expect(reasons).toMatchObject([
    expect.any(String),
    expect.any(String),
    'the file is empty',
    expect.stringContaining('5000x3 pixels; the limit is 10000'),
    expect.stringContaining('10001 bytes; the limit is 10000'),
    'The object does not exist.',
    'The object was replaced after the list was written.',
    'The object was removed after the list was written.',
    null,
  ]);
});

it('repeats an inference that throws once', async () => {
  const images = [await listed('a.png', image)];
  expect((await run(images, [1])).found).toMatchObject([{ size: { width: 8 } }]);
  const { found } = await run(images, [1, 2]);
  expect(found).toEqual([{ error: 'inference failed, twice: no output' }]);
});

it('gives no image an error because of the GPU, and leaves its record', async () => {
  const images = [await listed('a.png', image), await listed('b.png', image)];
  const error = new AppError('GPU_MEMORY_FULL', 'full');
  await expect(run(images, [2], error)).rejects.toBe(error);
  expect(readInFlight(folder)).toEqual({ frame: 11 });
});

it('reads images in a zip, and detects a damaged one', async () => {
  const files = [
    { name: 'первый.png', input: image },
    { name: 'folder/second.png', input: await imageOf(5, 5) },
  ];
  const body = downloadZip(files).body as unknown as AsyncIterable<Uint8Array>;
  const zip = await buffer(body);
  const { etag, size } = await listed('a.zip', zip);
  const signal = new AbortController().signal;
  const entries: ListedImage[] = [];
  for await (const file of listZip(objects, { bucket: BUCKET, key: 'a.zip', size }, signal))
    entries.push({ ...file, etag, object: 'a.zip' });
  expect(entries.map(({ key }) => key)).toEqual(files.map(({ name }) => name));
  expect((await run(entries)).found).toMatchObject([
    { size: { width: 8, height: 6 } },
    { size: { width: 5, height: 5 } },
  ]);
  const [first] = entries;
  const damaged = { ...first!, entry: { ...first!.entry!, crc32: 1 } };
  const cut = { ...first!, entry: { ...first!.entry!, offset: size } };
  expect((await run([damaged, cut])).found).toEqual([
    { error: 'The file in the zip is damaged: its checksum differs.' },
    { error: 'The zip is cut off.' },
  ]);
});

it('rejects a file that is not a zip', async () => {
  const { size } = await listed('not.zip', Buffer.alloc(100, 'x'));
  const zip = { bucket: BUCKET, key: 'not.zip', size };
  const list = listZip(objects, zip, new AbortController().signal);
  await expect(list.next()).rejects.toThrow('incoming/not.zip is not a zip that can be read');
});
