import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { type ExportedItems, writeExports } from '../support/dataset-exports.js';
import { createMemoryObjectStore } from '../support/memory-object-store.js';
import { preparePython } from '../../bench/python-environment.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/datasets');
const READ_MS = 300_000;

const isWanted = process.env['VIDETTE_TEST_FIFTYONE'] === '1';
if (!isWanted) {
  console.warn(
    'LEFT OUT: the test with FiftyOne. It installs 1.2 GB from PyPI: VIDETTE_TEST_FIFTYONE=1 runs it.',
  );
}

type Objects = readonly { readonly class: string; readonly box: readonly number[] }[];
type Part = DatasetItem['split'];

interface Found {
  readonly coco: Readonly<Record<Part, Readonly<Record<string, Objects>>>>;
  readonly yolo: Found['coco'];
  readonly folder: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

describe.skipIf(!isWanted)('exports of data sets, read by FiftyOne', () => {
  let folder: string;
  let exported: ExportedItems;
  let found: Found;

  beforeAll(async () => {
    const requirements = join(FIXTURES, 'requirements-fiftyone.txt');
    const bin = await preparePython(readConfig().cacheDir, 'fiftyone', requirements);
    folder = await mkdtemp(join(tmpdir(), 'vidette-fiftyone-'));
    exported = await writeExports(createMemoryObjectStore(), folder);
    const script = join(FIXTURES, 'read_with_fiftyone.py');
    // It keeps its settings and database in the home folder.
    const env = { HOME: folder, FIFTYONE_DO_NOT_TRACK: 'true' };
    const { stdout } = await execa(join(bin, 'python'), [script, folder], { env });
    found = JSON.parse(stdout) as Found;
  }, READ_MS);
  afterAll(() => folder && rm(folder, { recursive: true, force: true }));

  const nameOf = (item: DatasetItem) => `${item.picture.sha256}.jpg`;
  const ofPart = (items: readonly DatasetItem[], part: Part) =>
    items.filter(({ split }) => split === part);

  it.each(['coco', 'yolo'] as const)('has every box of an export as %s', (format) => {
    for (const part of ['train', 'val', 'test'] as const) {
      const items = ofPart(exported.detection, part);
      const read = found[format][part];
      expect(Object.keys(read).sort()).toEqual(items.map(nameOf).sort());
      for (const item of items) {
        const expected = item.objects!.map((object) => ({
          class: object.class,
          box: sharesOf(object.box, item.picture).map(
            (value) => expect.closeTo(value, 5) as number,
          ),
        }));
        expect(read[nameOf(item)]).toEqual(expected);
      }
    }
  });

  it('has the class of every image of an export as folders', () => {
    expect(Object.keys(found.folder)).toEqual(['test', 'train']);
    for (const part of ['train', 'test'] as const) {
      const expected = ofPart(exported.classes, part).map((item) => [nameOf(item), item.label]);
      expect(found.folder[part]).toEqual(Object.fromEntries(expected));
    }
  });
});

/** Converts the corners of a box to x, y, width and height as shares of the image. */
function sharesOf(
  [x, y, xMax, yMax]: readonly [number, number, number, number],
  { width, height }: { readonly width: number; readonly height: number },
): number[] {
  return [x / width, y / height, (xMax - x) / width, (yMax - y) / height];
}
