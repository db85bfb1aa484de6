import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convertKeras } from '../../models/keras/convert.js';
import { runOnnx } from '../support/run-onnx.js';
import { testDataFolder } from './test-data.js';

const FILES = [
  'mobilenet',
  'mobilenet_v2_top',
  'mobilenet_v2_nested',
  'mobilenet_v2_nested_aug',
  'vgg_like',
];
const DIMS = [1, 96, 96, 3];
const folder = join(testDataFolder(), 'lifecycle/keras');

let target: string;
let expected: Readonly<Record<string, readonly number[]>>;
let values: Float32Array;
beforeAll(async () => {
  target = await mkdtemp(join(tmpdir(), 'vidette-keras-'));
  // Outputs of Keras for the image, by the names of the files.
  expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as typeof expected;
  values = new Float32Array(Uint8Array.from(await readFile(join(folder, 'img.f32'))).buffer);
});
afterAll(() => rm(target, { recursive: true, force: true }));

it.each(FILES)('computes the outputs of Keras: %s', async (name) => {
  const path = join(target, `${name}.onnx`);
  await convertKeras(join(folder, `${name}.keras`), path);
  const outputs = await runOnnx(path, { dims: DIMS, values });
  expect(outputs).toHaveLength(expected[name]!.length);
  const worst = Math.max(...outputs.map((value, i) => Math.abs(value - expected[name]![i]!)));
  expect(worst).toBeLessThan(1e-5);
});
