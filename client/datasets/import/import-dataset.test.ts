import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeZip } from 'client-zip';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../../adapters/store/dataset-store.js';
import { datasetDraft, datasetItem } from '../../../test/support/dataset-items.js';
import { createMemoryDocumentStore } from '../../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../../test/support/memory-object-store.js';
import { countItems } from '../../../domain/dataset/dataset-counts.js';
import type { DatasetItem, DatasetTask } from '../../../domain/dataset/dataset-item.js';
import { listImported } from '../../../domain/dataset/list-imported.js';
import { DATASET_FORMATS } from '../../../domain/dataset/export-files.js';
import { AppError } from '../../../domain/errors.js';
import { sha256 } from '../../../domain/hash.js';
import { BUCKETS, keys } from '../../../domain/names.js';
import { collect } from '../../../test/support/collect.js';
import { zipDataset } from '../export-dataset.js';
import { importDataset } from './import-dataset.js';

const [A, B, C] = ['a', 'b', 'c'].map((name) => sha256(name)) as [string, string, string];
const FISH = { class: 'форель', box: [10.125, 20, 42.3333333333, 60.5] as const };

let folder: string;
let deps: Parameters<typeof importDataset>[0];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-import-'));
  const objects = createMemoryObjectStore();
  for (const bucket of [BUCKETS.pictures, BUCKETS.datasets]) await objects.ensureBucket(bucket);
  for (const name of ['a', 'b', 'c', 'damaged']) {
    await objects.put(BUCKETS.pictures, keys.image(sha256(name)), name);
  }
  const facts = { media_type: 'image/jpeg', width: 640, height: 480, dhash: '0' } as const;
  const describeImage = (data: Buffer) =>
    data.toString() === 'damaged'
      ? Promise.reject(new AppError('DECODE_FAILED', 'damaged'))
      : Promise.resolve(facts);
  const datasets = createDatasetStore(objects);
  deps = { objects, datasets, documents: createMemoryDocumentStore(), describeImage };
});
afterEach(() => rm(folder, { recursive: true }));

/** Stores the items as the first version of the data set "fish". */
async function add(items: readonly DatasetItem[], task: DatasetTask) {
  const draft = { ...datasetDraft('fish'), task, counts: countItems(items) };
  const { manifest } = await deps.datasets.add({ ...draft, labels: ['форель', 'щука'] }, items);
  return { manifest, items: () => deps.datasets.items(manifest) };
}

type Files = Readonly<Record<string, string | Uint8Array>>;

async function zip(files: Files): Promise<string> {
  const path = join(folder, 'import.zip');
  const entries = Object.entries(files).map(([name, input]) => ({ name, input }));
  await writeFile(path, Buffer.from(await new Response(makeZip(entries)).arrayBuffer()));
  return path;
}

async function importZip(files: Files, by?: string) {
  return importDataset(deps, 'fish', await zip(files), { by });
}

const stored = () => collect(listImported(deps.documents.importedFeedback, 'fish'));

const detection = (objects: DatasetItem['objects']) =>
  ({ label: undefined, objects }) satisfies Partial<DatasetItem>;

describe('an import of an export', () => {
  it.each(DATASET_FORMATS.filter((format) => format !== 'jsonl'))(
    'as %s changes nothing',
    async (format) => {
      const task = format === 'folder' ? 'classify' : 'detect';
      const items =
        task === 'classify'
          ? [datasetItem('a'), datasetItem('b', { label: '../и/или', split: 'val' })]
          : [datasetItem('a', detection([FISH])), datasetItem('b', detection([]))];
      const source = await add(items, task);
      const path = join(folder, 'export.zip');
      await writeFile(path, zipDataset(deps.objects, source, format));
      const report = await importDataset(deps, 'fish', path);
      expect(report).toEqual({ imported: 0, unchanged: 2, skipped: 0, skipped_images: [] });
      expect(await stored()).toEqual([]);
    },
  );
});

const coco = (images: readonly object[], annotations: readonly object[]) =>
  JSON.stringify({ images, annotations, categories: [{ id: 7, name: 'щука' }] });

/** COCO with images without objects. */
const cocoOf = (...names: readonly string[]) =>
  coco(
    names.map((name, id) => ({ id, file_name: `${name}.jpg` })),
    [],
  );

describe('an import', () => {
  it('of COCO stores changed boxes once, and each change of a person again', async () => {
    await add([datasetItem('a', detection([FISH]))], 'detect');
    const change = (x: number) => ({
      'annotations/person.json': coco(
        [
          { id: 1, file_name: `images/${A}.jpg`, width: 640, height: 480 },
          { id: 2, file_name: `${B}.png` },
        ],
        [{ image_id: 1, category_id: 7, bbox: [x, 2, 3, 4] }],
      ),
    });
    expect(await importZip(change(1), 'ann')).toMatchObject({ imported: 2, unchanged: 0 });
    expect(await importZip(change(1), 'ann')).toMatchObject({ imported: 0, unchanged: 2 });
    expect(await importZip(change(9), 'ann')).toMatchObject({ imported: 1, unchanged: 1 });
    const found = await stored();
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ sha256: A, by: 'ann', dataset: 'fish' },
          content: { objects: [{ class: 'щука', box: [9, 2, 12, 6] }] },
        }),
        expect.objectContaining({ sha256: B, content: { objects: [] } }),
      ]),
    );
  });

  it('of YOLO reads shares of the image, and classes of Ultralytics and Darknet', async () => {
    const labels = { [`labels/train/${C}.txt`]: '0 0.5 0.5 0.25 0.5\n' };
    const content = { objects: [{ class: 'щука', box: [240, 120, 400, 360] }] };
    for (const names of ['["щука"]', '{0: "щука"}']) {
      await importZip({ 'data.yaml': `names: ${names}`, ...labels });
      expect(await stored()).toMatchObject([{ sha256: C, content }]);
    }
    const darknet = { 'obj.names': 'карп\nщука\n', [`obj_train_data/${C}.txt`]: '0 0.5 0.5 1 1\n' };
    await importZip(darknet);
    const whole = { objects: [{ class: 'карп', box: [0, 0, 640, 480] }] };
    expect(await stored()).toMatchObject([{ sha256: C, content: whole }]);
  });

  it('of folders finds the class below the folder of the part, and pins the images', async () => {
    await deps.documents.keptImages.use(A, new Date(0));
    const report = await importZip({ [`train/щука/${A}.jpg`]: 'x', [`test/карп/${B}.webp`]: 'x' });
    expect(report).toMatchObject({ imported: 2, skipped: 0 });
    const labels = (await stored()).map(({ sha256, content, split }) => [
      sha256,
      [content.label, split],
    ]);
    expect(new Map(labels as [string, unknown][])).toEqual(
      new Map([
        [A, ['щука', 'train']],
        [B, ['карп', 'test']],
      ]),
    );
  });

  it.each([
    ['COCO files', { 'annotations/instances_val2017.json': cocoOf(A), 'test.json': cocoOf(B) }],
    ['COCO folders', { 'annotations/all.json': cocoOf(`images/valid/${A}`, `images/test/${B}`) }],
    [
      'YOLO folders',
      {
        'data.yaml': 'names: [x]',
        ...{ [`labels/val/${A}.txt`]: '', [`test/labels/${B}.txt`]: '' },
      },
    ],
  ] as const)('of %s keeps the parts, unless they are ignored', async (_, files) => {
    const read = async () =>
      new Map((await stored()).map(({ sha256, split }) => [sha256, split ?? 'none']));
    const path = await zip(files);
    await importDataset(deps, 'fish', path, { parts: 'ignore' });
    expect(await read()).toEqual(
      new Map([
        [A, 'none'],
        [B, 'none'],
      ]),
    );
    const kept = new Map([
      [A, 'val'],
      [B, 'test'],
    ]);
    expect(await importDataset(deps, 'fish', path)).toMatchObject({ imported: 2, unchanged: 0 });
    expect(await read()).toEqual(kept);
    expect(await importDataset(deps, 'fish', path)).toMatchObject({ imported: 0, unchanged: 2 });
    await importDataset(deps, 'fish', path, { parts: 'ignore' });
    expect(await read()).toEqual(kept);
  });

  it('with an image in two parts is refused with its names, and stores nothing', async () => {
    const twice = { 'annotations/train.json': cocoOf(A, C), 'annotations/test.json': cocoOf(B, A) };
    const refused = importZip(twice);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', facts: { images: 1 } });
    await expect(refused).rejects.toThrow(
      `annotations/test.json: ${A}.jpg (test) is in part train of the zip (annotations/train.json: ${A}.jpg)`,
    );
    expect(await stored()).toEqual([]);
  });

  it('with another part than the version or another person has is refused', async () => {
    const inVal = datasetItem('a', { ...detection([]), split: 'val' });
    await add([inVal], 'detect');
    const ofTrain = { 'annotations/train.json': cocoOf(A, B) };
    await expect(importZip(ofTrain, 'ann')).rejects.toThrow(
      `annotations/train.json: ${A}.jpg (train) is in part val of fish@1`,
    );
    await importZip({ 'annotations/test.json': cocoOf(B) }, 'bob');
    const others = importZip({ 'annotations/train.json': cocoOf(B) }, 'ann');
    await expect(others).rejects.toThrow('(train) is in part test of the import of bob');
    expect((await stored()).map(({ by, split }) => [by, split])).toEqual([['bob', 'test']]);
    await importZip({ 'annotations/val.json': cocoOf(B) }, 'bob');
    expect((await stored()).map(({ by, split }) => [by, split])).toEqual([['bob', 'val']]);
  });

  it('skips images that are not stored, and those that cannot be right, with the reason', async () => {
    const unknown = sha256('unknown');
    const box = (bbox: readonly number[]) => ({ category_id: 7, bbox });
    const report = await importZip({
      'annotations/all.json': coco(
        [
          { id: 1, file_name: `${unknown}.jpg` },
          { id: 2, file_name: 'street.jpg' },
          { id: 3, file_name: `${A}.jpg`, width: 320, height: 240 },
          { id: 4, file_name: `${B}.jpg` },
          { id: 5, file_name: `${B}.jpg` },
          { id: 6, file_name: `${C}.jpg` },
          { id: 7, file_name: `${sha256('damaged')}.jpg` },
        ],
        [
          { image_id: 4, ...box([600, 0, 60, 10]) },
          { image_id: 6, ...box([0, 0, 9, 9]), iscrowd: 1 },
        ],
      ),
    });
    expect(report).toMatchObject({ imported: 0, unchanged: 0, skipped: 7 });
    expect(report.skipped_images.map(({ reason }) => reason)).toEqual([
      'it is not stored',
      'its name has no SHA-256 of an exported image',
      'it has 640x480 pixels, not 320x240',
      'a box is not inside the image',
      'the zip describes it more than once',
      'it has a crowd region; mark each object instead',
      'it cannot be read',
    ]);
  });

  it.each([
    ['without annotations', { 'readme.txt': 'x' }, 'has no annotations'],
    ['with COCO that is not JSON', { 'annotations/a.json': '{' }, 'it is not JSON'],
    ['with COCO of another form', { 'annotations/a.json': '{"images":1}' }, 'images'],
    [
      'with an unknown category',
      {
        'a.json': coco(
          [{ id: 1, file_name: 'x' }],
          [{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1] }],
        ),
      },
      'unknown category_id 1',
    ],
    ['with YOLO without names', { 'data.yaml': 'nc: 1' }, 'expected "names"'],
    [
      'with YOLO masks',
      { 'data.yaml': 'names: [a]', [`labels/${A}.txt`]: '0 0 0 1 1 1 0' },
      'masks',
    ],
    [
      'with an unknown class',
      { 'data.yaml': 'names: [a]', [`labels/${A}.txt`]: '1 0 0 1 1' },
      'class 1',
    ],
    ['with YAML that expands itself', { 'data.yaml': 'a: &a [x]\nnames: [*a, *a]' }, 'is not YAML'],
  ])('is refused %s', async (_, files, message) => {
    const report = importZip(files);
    await expect(report).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(report).rejects.toThrow(message);
    expect(await stored()).toEqual([]);
  });

  it('is refused for another task than that of the data set', async () => {
    await add([datasetItem('a')], 'classify');
    const report = importZip({ 'annotations/a.json': coco([], []) });
    await expect(report).rejects.toThrow('The zip is for the task "detect"');
  });
});
