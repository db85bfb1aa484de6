import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { importDataset } from '../../client/datasets/import/import-dataset.js';
import { readConfig } from '../../config/index.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { messageOf } from '../../domain/errors.js';
import { describeImage } from '../../models/dataset/describe-image.js';
import { TROUT, writeExports } from '../support/dataset-exports.js';
import { createMemoryDocumentStore } from '../support/memory-document-store.js';
import { createMemoryObjectStore } from '../support/memory-object-store.js';
import { preparePython } from '../../bench/python-environment.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/datasets');
const PREPARE_MS = 600_000;

const bin = await preparePython(
  readConfig().cacheDir,
  'dataset-readers',
  join(FIXTURES, 'requirements.txt'),
).catch((error: unknown) => {
  const reasons =
    /ENOENT|ensurepip|(Connection|NameResolution|Proxy)Error|timed out|No matching distribution/i;
  if (!reasons.test(messageOf(error))) throw error;
  console.warn(
    'LEFT OUT: the tests with datumaro and pycocotools. They need Python 3 with venv, and PyPI to install them.',
  );
  return undefined;
});

interface Read {
  readonly labels: readonly string[];
  readonly items: readonly {
    readonly id: string;
    readonly subset: string;
    readonly size: readonly number[];
    readonly labels: readonly string[];
    readonly boxes: readonly (readonly number[])[];
  }[];
}

interface ReadCoco {
  readonly images: Readonly<Record<string, number>>;
  readonly categories: Readonly<Record<string, string>>;
  readonly boxes: readonly (readonly number[])[];
}

type Found = Readonly<Record<'coco' | 'yolo' | 'folder', Read>> & {
  readonly pycocotools: Readonly<Record<string, ReadCoco>>;
};

describe.skipIf(bin === undefined)('exports of data sets, read by other tools', () => {
  const objects = createMemoryObjectStore();
  const datasets = createDatasetStore(objects);
  const deps = { objects, datasets, documents: createMemoryDocumentStore(), describeImage };
  let folder: string;
  let found: Found;
  let detection: readonly DatasetItem[];
  let classes: readonly DatasetItem[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-dataset-readers-'));
    ({ detection, classes } = await writeExports(objects, folder));
    const script = join(FIXTURES, 'read_exports.py');
    const { stdout } = await execa(join(bin!, 'python'), [script, folder]); // else skipped
    found = JSON.parse(stdout) as Found;
  }, PREPARE_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const idOf = (item: DatasetItem | undefined) => item!.picture.sha256;

  /** Boxes of an image with at most one object per class, in whole tenths of pixels. */
  function boxesByClass(labels: readonly string[], boxes: readonly (readonly number[])[]) {
    const inTenths = (value: number) => Math.round(value * 10);
    return Object.fromEntries(labels.map((label, i) => [label, boxes[i]!.map(inTenths)]));
  }

  it.each(['coco', 'yolo'] as const)('datumaro finds every box of an export as %s', (format) => {
    const { labels, items } = found[format];
    expect([...labels].sort()).toEqual(['stop sign', 'форель']);
    expect(items).toHaveLength(detection.length);
    for (const item of detection) {
      const read = items.find(({ id }) => id.endsWith(idOf(item)));
      expect(read).toMatchObject({ subset: item.split, size: [120, 160] });
      expect(boxesByClass(read!.labels, read!.boxes)).toEqual(
        boxesByClass(
          item.objects!.map((object) => object.class),
          item.objects!.map((object) => object.box),
        ),
      );
    }
  });

  it('datumaro finds the class of every image of an export as folders', () => {
    const read = found.folder.items.map(({ id, subset, labels }) => [
      id.slice(-64),
      subset,
      labels,
    ]);
    const expected = classes.map((item) => [idOf(item), item.split, [item.label]]);
    expect(read).toHaveLength(expected.length);
    expect(read).toEqual(expect.arrayContaining(expected));
  });

  it('pycocotools finds exact boxes, and images without objects', () => {
    const { pycocotools } = found;
    expect(Object.keys(pycocotools)).toEqual([
      ...['instances_test', 'instances_train', 'instances_val'],
    ]);
    const train = pycocotools['instances_train']!;
    const names = [detection[0], detection[1]].map((item) => `${idOf(item)}.jpg`);
    expect(Object.keys(train.images).sort()).toEqual(names.sort());
    expect(train.categories).toEqual({ 1: 'stop sign', 2: 'форель' });
    const [x, y, xMax, yMax] = TROUT.box;
    expect(train.boxes).toEqual([
      [x, y, xMax - x, yMax - y],
      [0, 0, 160, 120],
    ]);
  });

  it.each([
    ['coco_instances', 'fish-detect', 4],
    ['yolo', 'fish-detect', 4],
    ['yolo_ultralytics', 'fish-detect', 4],
    ['imagenet_with_subset_dirs', 'fish-classify', 4],
  ])('what datumaro writes again as %s imports as unchanged', async (format, name, unchanged) => {
    const report = await importDataset(deps, name, join(folder, `${format}.zip`));
    expect(report).toEqual({ imported: 0, unchanged, skipped: 0, skipped_images: [] });
  });
});
