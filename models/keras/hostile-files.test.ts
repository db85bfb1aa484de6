import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHdf5, zipKeras } from '../../test/support/keras-archive.js';
import { convertKeras } from './convert.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-keras-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function convert(parts: Parameters<typeof zipKeras>[0]): Promise<void> {
  const path = join(folder, 'model.keras');
  await writeFile(path, await zipKeras(parts));
  await convertKeras(path, join(folder, 'model.onnx'));
}

const layer = (class_name: string, config: object, change: object = {}) => ({
  module: 'keras.layers',
  class_name,
  config,
  ...change,
});
const INPUT = layer('InputLayer', { name: 'image', batch_shape: [null, 4, 4, 3] });
const DENSE = layer('Dense', { name: 'dense', units: 2, use_bias: false, activation: 'softmax' });
const sequential = (...layers: readonly object[]) => layer('Sequential', { layers });
const FLAT = sequential(INPUT, layer('Flatten', {}), DENSE);

const tensor = (name: string) => ({
  class_name: '__keras_tensor__',
  config: { keras_history: [name, 0, 0] },
});
const called = (name: string, ...from: readonly string[]) => ({
  name,
  inbound_nodes: [{ args: [from.map(tensor)], kwargs: {} }],
});
const functional = (layers: readonly object[], output: string, call = 0) =>
  layer('Functional', {
    layers: [{ ...INPUT, name: 'image' }, ...layers],
    input_layers: ['image', 0, 0],
    output_layers: [output, call, 0],
  });

/** Weights of the layer `dense`. */
const denseWeights = (data: Float32Array | Int8Array, shape: number[], dtype = '<f') =>
  writeHdf5((file) => {
    file.create_group('layers').create_group('dense').create_group('vars');
    file.create_dataset({ name: 'layers/dense/vars/0', data, shape, dtype });
  });
const GOOD = () => denseWeights(new Float32Array(96), [48, 2]);

/** A model that calls another one twice, which does so as well, and so on. */
function doubled(depth: number): object {
  if (depth === 0) return layer('ReLU', {});
  const calls = ['image', 'inner'].map((from) => ({ args: [tensor(from)], kwargs: {} }));
  const inner = { ...doubled(depth - 1), name: 'inner', inbound_nodes: calls };
  return functional([inner], 'inner', 1);
}

describe('convertKeras, of hostile files', () => {
  it('converts the file that the others are made of', async () => {
    await expect(convert({ config: FLAT, weights: await GOOD() })).resolves.toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['another version', { metadata: { keras_version: '2.15.0' } }, 'was saved by Keras 2.15.0'],
    ['no version', { metadata: {} }, 'metadata.json without the version'],
    ['no model', { config: [] }, 'config.json without a model'],
    ['no layers', { config: sequential() }, 'does not take images'],
    ['no input', { config: sequential(DENSE) }, 'does not take images'],
    [
      'an unknown layer',
      { config: sequential(INPUT, layer('LSTM', { name: 'memory' })) },
      'layer "memory" (LSTM) is of a class that is not supported',
    ],
    [
      'a layer named as a property of objects',
      { config: sequential(INPUT, layer('constructor', {})) },
      '(constructor) is of a class that is not supported',
    ],
    [
      'a setting of another type',
      { config: sequential(INPUT, layer('Dense', { ...DENSE.config, units: 'two' })) },
      'layer "dense" (Dense) has units: "two"',
    ],
    [
      'weights of another shape',
      { config: sequential(INPUT, DENSE) },
      'have the shapes [48, 2]; expected [3, 2]',
    ],
    [
      'a layer that is its own input',
      { config: functional([layer('ReLU', {}, called('loop', 'loop'))], 'loop') },
      'depends on itself',
    ],
    [
      'an input that is missing',
      { config: functional([layer('ReLU', {}, called('relu', 'absent'))], 'relu') },
      'the input of a layer is missing',
    ],
    ['models in models', { config: doubled(14) }, 'has more than 10000 operations'],
    ['weights that are text', { weights: Buffer.from('text') }, 'not a complete HDF5 file'],
  ])('rejects %s', async (_, change, message) => {
    const rejected = convert({ config: FLAT, weights: await GOOD(), ...change });
    await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(rejected).rejects.toThrow(message);
    await expect(rejected).rejects.toThrow(join(folder, 'model.keras'));
  });

  it.each<[string, () => Promise<Uint8Array>, string]>([
    [
      'short integers',
      () => denseWeights(new Int8Array(96), [48, 2], '<b'),
      'of 8 bits, at least 32 are required',
    ],
    ['nothing', () => writeHdf5(() => undefined), 'have the shapes none'],
    [
      'more than the limit, unpacked',
      () =>
        writeHdf5((file) => {
          file.create_group('layers').create_group('dense').create_group('vars');
          const name = 'layers/dense/vars/0';
          const [shape, maxshape] = [
            [2, 2],
            [null, null],
          ];
          const data = new Float32Array(4);
          file.create_dataset({ name, data, shape, maxshape, chunks: shape }).resize([48, 1e9]);
        }),
      'weights of more than 1024 MiB',
    ],
    [
      'a link to another file',
      () =>
        writeHdf5((file) => {
          const group = file.create_group('layers').create_group('dense').create_group('vars');
          group.create_external_link('/etc/hostname', '/', '0');
        }),
      'has no weights at layers/dense/vars/0',
    ],
  ])('rejects weights with %s', async (_, make, message) => {
    const rejected = convert({ config: FLAT, weights: await make() });
    await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(rejected).rejects.toThrow(message);
  });

  it('reports every truncated file of weights', async () => {
    const weights = await GOOD();
    for (let length = 0; length < weights.length - 400; length += 499) {
      const rejected = convert({ config: FLAT, weights: weights.subarray(0, length) });
      await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    }
  });
});
