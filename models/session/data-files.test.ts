import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelDataFile } from '../../domain/model/model-manifest.js';
import {
  BOXES,
  DATA_FILE_MODEL,
  DATA_FILES,
  OTHER_BOXES,
  writeDataFileModel,
} from '../../test/support/data-file-model.js';
import { type Detector, openDetector } from '../detector.js';
import { readOnnxFile } from '../onnx/onnx-file.js';
import { recognise } from '../recognise/index.js';

const SIDE = 64;
const OPTIONS = { conf: 0.1, iou: 0.5, maxDetections: 10 };

let folder: string;
let modelPath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-data-files-'));
  modelPath = await writeDataFileModel(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function openWithDataFiles(): Promise<Detector> {
  const { draft } = recognise(await readOnnxFile(modelPath), {});
  const fileOf = (name: string): ModelDataFile => ({ name, sha256: '0'.repeat(64), size_bytes: 1 });
  const manifest = { name: 'outside', ...draft!, files: DATA_FILES.map(fileOf) };
  return openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
}

async function boxes(detector: Detector): Promise<number[][]> {
  const frame = { layout: 'pixels', bytes: new Uint8Array(3 * SIDE * SIDE) } as const;
  const [found] = await detector.detect([frame], { width: SIDE, height: SIDE }, OPTIONS);
  return found!.map(({ bbox }) => bbox.map((value) => value / SIDE));
}

it('lists the data files of initializers, constants and branches', async () => {
  expect((await readOnnxFile(modelPath)).externalFiles).toEqual([...DATA_FILES].sort());
});

it('runs with the weights of the data files', async () => {
  const detector = await openWithDataFiles();
  expect(await boxes(detector)).toEqual([DATA_FILE_MODEL.box]);
  await detector.close();
  await writeFile(join(folder, BOXES), OTHER_BOXES);
  const other = await openWithDataFiles();
  expect(await boxes(other)).toEqual([DATA_FILE_MODEL.otherBox]);
  await other.close();
});

it.each(DATA_FILES)('returns the same after %s is damaged while loaded', async (name) => {
  const detector = await openWithDataFiles();
  const file = await open(join(folder, name), 'r+');
  await file.write(Buffer.alloc(300, 0x3f));
  await file.close();
  expect(await boxes(detector)).toEqual([DATA_FILE_MODEL.box]);
  await detector.close();
});

it('names a data file that is missing', async () => {
  await rm(join(folder, BOXES));
  await expect(readOnnxFile(modelPath)).rejects.toThrow(
    `keeps weights in "${BOXES}", which is missing`,
  );
});

it('names a data file that disappeared later', async () => {
  const { draft } = recognise(await readOnnxFile(modelPath), {});
  const files = [{ name: 'gone.bin', sha256: '0'.repeat(64), size_bytes: 1 }];
  const manifest = { name: 'outside', ...draft!, files };
  const opened = openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
  await expect(opened).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  await expect(opened).rejects.toThrow(join(folder, 'gone.bin'));
});
