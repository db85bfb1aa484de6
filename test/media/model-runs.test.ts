import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addModel } from '../../cli/models/add-model.js';
import { listAdded } from '../../cli/models/added-folder.js';
import { refuseQuestions } from '../../cli/models/ask.js';
import { createModelRuns, type ModelRunOptions } from '../../models/add/model-runs.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import { type OnnxModel, writeOnnx } from '../../models/onnx/write-onnx.js';
import { kerasFile } from '../support/keras-files.js';
import { createFailingModel } from '../chaos/create-failing-model.js';

/** Number of rows of a product of a column and a row: 1.6 GB. */
const ROWS = 20_000;
const MIB = 1024 ** 2;
const SIZE = { width: 32, height: 32 };

let config: { readonly dataDir: string };
let path: string;
beforeEach(async () => {
  config = { dataDir: await mkdtemp(join(tmpdir(), 'vidette-runs-')) };
  path = join(config.dataDir, 'model.onnx');
});
afterEach(() => rm(config.dataDir, { recursive: true, force: true }));

/** A model whose outputs are the objects of an empty list and a large product. */
function oversized(): OnnxModel {
  const values = Float32Array.from({ length: ROWS }, (_, i) => i);
  return {
    ...{ name: 'oversized', opset: 13 },
    inputs: [{ name: 'frame', type: 'float32', dims: [1, 3, 32, 32] }],
    outputs: [{ name: 'detections', type: 'float32', dims: [1, 'rows', 6] }],
    nodes: [
      { operation: 'MatMul', inputs: ['column', 'row'], outputs: ['product'] },
      { operation: 'ReduceMean', inputs: ['product'], outputs: ['mean'] },
      { operation: 'Squeeze', inputs: ['mean'], outputs: ['amount'] },
      { operation: 'Mul', inputs: ['list', 'amount'], outputs: ['detections'] },
    ],
    weights: [
      { name: 'column', dims: [ROWS, 1], values },
      { name: 'row', dims: [1, ROWS], values },
      { name: 'list', dims: [1, 1, 6], values: new Float32Array(6) },
    ],
  };
}

async function add(bytes: Uint8Array, { limits, signal }: Partial<ModelRunOptions>) {
  await writeFile(path, bytes);
  const create = { ...SIZE, channels: 3, background: '#ffffff' } as const;
  const white = await sharp({ create }).png().toBuffer();
  const runs = createModelRuns({
    limits: { laneTimeoutMs: 60_000, laneMemoryBytes: 0, ...limits },
    ...(signal && { signal }),
  });
  return addModel({
    ...{ config, path, runs, answer: refuseQuestions(path) },
    image: { title: 'white.png', bytes: white, size: SIZE },
    answers: {
      ...{ labels: ['near', 'far'], family: 'end-to-end', channels: 'rgb', scale: 1 / 255 },
      ...{ resize: { mode: 'stretch' }, coordinates: 'normalised' },
    },
  });
}

it('adds a model that a separate process has run', async () => {
  const { test } = await add(createFailingModel('harmless'), {});
  expect(test.objects?.map(({ class: name }) => name)).toEqual(['near', 'far']);
  expect(await listAdded(config)).toHaveLength(1);
});

it('converts a Keras file in a separate process', async () => {
  const [file, target] = [join(config.dataDir, 'a.keras'), join(config.dataDir, 'a.onnx')];
  const limits = { laneTimeoutMs: 60_000, laneMemoryBytes: 0 };
  await writeFile(file, kerasFile('nested'));
  await createModelRuns({ limits }).convertKeras(file, target);
  expect((await readOnnxFile(target)).outputs).toEqual([
    { name: 'output', type: 'float32', dims: ['batch', 3] },
  ]);
  await writeFile(file, kerasFile('lambda'));
  await expect(createModelRuns({ limits }).convertKeras(file, target)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('(Lambda) contains Python code') as string,
  });
});

it('reports an error of the model as such', async () => {
  await expect(add(createFailingModel('throws'), {})).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('Gather') as string,
  });
});

it('ends a model that loops and reports the limit', async () => {
  const rejected = add(createFailingModel('hangs'), {
    limits: { laneTimeoutMs: 4000, laneMemoryBytes: 0 },
  });
  await expect(rejected).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('did not finish within 4 s') as string,
  });
  expect(await listAdded(config)).toEqual([]);
});

it('ends a model that needs too much memory and reports the limit', async () => {
  const rejected = add(writeOnnx(oversized()), {
    limits: { laneTimeoutMs: 60_000, laneMemoryBytes: 700 * MIB },
  });
  await expect(rejected).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('more than 700 MiB') as string,
  });
});

it('ends a model that loops when the command is interrupted', async () => {
  const signal = AbortSignal.timeout(3000);
  await expect(add(createFailingModel('hangs'), { signal })).rejects.toThrow('aborted');
});
