import { describe, expect, it } from 'vitest';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { sha256 } from '../hash.js';
import { classFolder, classOfFolder } from './class-folder.js';
import { countItems } from './dataset-counts.js';
import type { DatasetItem, DatasetTask } from './dataset-item.js';
import { datasetFiles, type DatasetFormat } from './export-files.js';

const ITEMS: readonly DatasetItem[] = [
  datasetItem('a', {
    label: undefined,
    objects: [
      { class: 'форель', box: [10.125, 20, 42.3333333333, 60.5] },
      { class: 'stop sign', box: [0, 0, 640, 480] },
    ],
  }),
  datasetItem('b', { label: undefined, objects: [], split: 'test' }),
];

/** Files of an export by name; images have their SHA-256 as content. */
async function filesOf(
  format: DatasetFormat,
  items = ITEMS,
  task: DatasetTask = 'detect',
): Promise<Record<string, string>> {
  const labels = ['stop sign', 'форель'];
  const draft = { ...datasetDraft('fish'), task, labels, counts: countItems(items) };
  const manifest = { ...draft, version: 3, sha256: sha256('content') };
  const read = async function* () {
    await Promise.resolve();
    yield* items;
  };
  const files: Record<string, string> = {};
  for await (const file of datasetFiles({ manifest, items: read }, format)) {
    if (file.text !== undefined) files[file.name] = await textOf(file.text);
    else files[file.name] = file.image?.sha256 ?? '';
  }
  return files;
}

async function textOf(text: string | AsyncIterable<string>): Promise<string> {
  if (typeof text === 'string') return text;
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}

const [A, B] = [sha256('a'), sha256('b')];

describe('an export of a data set', () => {
  it('is COCO with licenses, categories from 1, exact boxes and images without objects', async () => {
    const files = await filesOf('coco');
    expect(Object.keys(files)).toEqual([
      ...['annotations/instances_train.json', 'annotations/instances_test.json'],
      ...[`images/train/${A}.jpg`, `images/test/${B}.jpg`],
    ]);
    const train = JSON.parse(files['annotations/instances_train.json']!) as Record<string, unknown>;
    const image = { file_name: `${A}.jpg`, width: 640, height: 480 };
    expect(train).toMatchObject({
      info: { description: 'fish@3', sha256: sha256('content') },
      licenses: [],
      images: [{ id: 1, ...image }],
      annotations: [
        { id: 1, image_id: 1, category_id: 2, bbox: [10.125, 20, 42.3333333333 - 10.125, 40.5] },
        { id: 2, image_id: 1, category_id: 1, bbox: [0, 0, 640, 480], area: 307_200, iscrowd: 0 },
      ],
      categories: [
        { id: 1, name: 'stop sign' },
        { id: 2, name: 'форель' },
      ],
    });
    const test = JSON.parse(files['annotations/instances_test.json']!) as Record<string, unknown>;
    expect(test).toMatchObject({ images: [{ id: 1, file_name: `${B}.jpg` }], annotations: [] });
  });

  it('is YOLO with exact shares, and an empty file without objects', async () => {
    const files = await filesOf('yolo');
    expect(files['data.yaml']).toBe(
      'path: .\ntrain: images/train\nval: images/train\ntest: images/test\nnc: 2\nnames:\n  0: "stop sign"\n  1: "форель"\n',
    );
    const [first, second] = files[`labels/train/${A}.txt`]!.split('\n');
    const [id, x, , width] = first!.split(' ').map(Number);
    expect(id).toBe(1);
    expect((x! - width! / 2) * 640).toBeCloseTo(10.125, 10);
    expect((x! + width! / 2) * 640).toBeCloseTo(42.3333333333, 10);
    expect(second).toBe('0 0.5 0.5 1 1');
    expect(files[`labels/test/${B}.txt`]).toBe('');
    expect(files[`images/test/${B}.jpg`]).toBe(B);
  });

  it('is a folder per class in each part, also for names that a file system does not take', async () => {
    const classified = [datasetItem('a'), datasetItem('b', { label: '../и/или', split: 'val' })];
    const files = await filesOf('folder', classified, 'classify');
    expect(Object.keys(files)).toEqual([
      ...['train/stop sign/', 'val/stop sign/', 'val/форель/'],
      `train/форель/${A}.jpg`,
      `val/%2E.%2Fи%2Fили/${B}.jpg`,
    ]);
    for (const name of ['../и/или', 'a%b', ' x.', 'con:', 'форель', '..', '.']) {
      expect(classOfFolder(classFolder(name))).toBe(name);
      expect(classFolder(name)).not.toMatch(/[/\\:]|^\.|\.$/);
    }
  });

  it('is the stored lines with the images', async () => {
    const files = await filesOf('jsonl');
    expect(
      files['items.jsonl']!.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(JSON.parse(JSON.stringify(ITEMS)));
    expect(files[`images/${A}.jpg`]).toBe(A);
  });

  it.each([
    ['coco', 'classify', 'Use folder or jsonl'],
    ['folder', 'detect', 'Use coco or yolo or jsonl'],
  ] as const)('is refused as %s for the task to %s', async (format, task, advice) => {
    await expect(filesOf(format, ITEMS, task)).rejects.toThrow(advice);
  });
});
