import { describe, expect, it } from 'vitest';
import { InferenceSession } from '../../session/onnx-runtime.js';
import { Tensor } from '../../session/tensor.js';
import { parseOnnx } from '../onnx-file.js';
import { type OnnxModel, type Weights, writeOnnx } from '../write-onnx.js';
import { rewriteForCpu } from './index.js';

const SIDE = 12;
const CHANNELS = 3;
const FILTERS = 5;
const END = BigInt(2 ** 31 - 1);

/** Slices of an image into four, put on one another and convolved, as YOLOX starts. */
function focusModel({
  phases = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  end = END,
  pads = [1, 1, 1, 1],
  extra = [],
}: {
  readonly phases?: readonly (readonly [row: number, column: number])[];
  readonly end?: bigint;
  readonly pads?: readonly number[];
  readonly extra?: OnnxModel['nodes'];
} = {}): OnnxModel {
  const integer = (name: string, value: bigint): Weights => ({
    ...{ name, dims: [1], values: BigInt64Array.of(value) },
  });
  const values = Float32Array.from({ length: FILTERS * 4 * CHANNELS * 9 }, (_, i) =>
    Math.sin(1 + i),
  );
  const slices = phases.flatMap(([row, column], i) => [
    {
      operation: 'Slice',
      inputs: ['image', `from${row}`, 'end', 'rows', 'two'],
      outputs: [`r${i}`],
    },
    {
      operation: 'Slice',
      inputs: [`r${i}`, `from${column}`, 'end', 'columns', 'two'],
      outputs: [`s${i}`],
    },
  ]);
  return {
    name: 'focus',
    opset: 13,
    inputs: [{ name: 'image', type: 'float32', dims: [1, CHANNELS, SIDE, SIDE] }],
    outputs: [{ name: 'features', type: 'float32', dims: [1, FILTERS, SIDE / 2, SIDE / 2] }],
    nodes: [
      ...slices,
      {
        operation: 'Concat',
        inputs: phases.map((_, i) => `s${i}`),
        outputs: ['joint'],
        attributes: { axis: 1 },
      },
      {
        operation: 'Conv',
        inputs: ['joint', 'weights', 'bias'],
        outputs: ['features'],
        attributes: { kernel_shape: [3, 3], pads, strides: [1, 1], dilations: [1, 1], group: 1 },
      },
      ...extra,
    ],
    weights: [
      { name: 'weights', dims: [FILTERS, 4 * CHANNELS, 3, 3], values },
      { name: 'bias', dims: [FILTERS], values: Float32Array.of(1, -2, 3, -4, 5) },
      ...[integer('from0', 0n), integer('from1', 1n), integer('end', end), integer('two', 2n)],
      ...[integer('rows', 2n), integer('columns', 3n)],
    ],
  };
}

async function run(file: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(file);
  const values = Float32Array.from({ length: CHANNELS * SIDE * SIDE }, (_, i) => (i * 37) % 256);
  const image = new Tensor('float32', values, [1, CHANNELS, SIDE, SIDE]);
  const { features } = await session.run({ image });
  await session.release();
  return features!.data as Float32Array;
}

describe('foldFocus', () => {
  it.each([
    [
      'rows first, as in YOLOX',
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    ],
    [
      'columns first',
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    ],
  ] as const)('returns the same features from one convolution: %s', async (_, phases) => {
    const file = writeOnnx(focusModel({ phases }));
    const folded = rewriteForCpu(file)!;
    const { nodes, inputs } = parseOnnx(folded, 'folded');
    expect(nodes.map(({ operation }) => operation)).toEqual(['Conv']);
    expect(inputs.map(({ name }) => name)).toEqual(['image']);
    const expected = await run(file);
    const features = await run(folded);
    const largest = Math.max(...expected.map(Math.abs));
    const errors = features.map((value, i) => Math.abs(value - expected[i]!));
    expect(Math.max(...errors) / largest).toBeLessThan(1e-6);
  });

  it.each<[string, OnnxModel]>([
    ['slices that leave out the border', focusModel({ end: 10n })],
    ['a convolution without a border', focusModel({ pads: [0, 0, 0, 0] })],
    [
      'three slices',
      focusModel({
        phases: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      }),
    ],
    [
      'slices that another node uses',
      focusModel({ extra: [{ operation: 'Relu', inputs: ['s1'], outputs: ['other'] }] }),
    ],
    [
      'a slice as an output',
      { ...focusModel(), outputs: [{ name: 's0', type: 'float32', dims: [] }] },
    ],
    [
      'weights that are listed as an input',
      {
        ...focusModel(),
        inputs: [
          ...focusModel().inputs,
          { name: 'weights', type: 'float32', dims: [FILTERS, 4 * CHANNELS, 3, 3] },
        ],
      },
    ],
    [
      'a loop',
      focusModel({
        extra: [{ operation: 'Loop', inputs: [], outputs: ['x'], body: focusModel() }],
      }),
    ],
  ])('keeps a model with %s', (_, model) => {
    expect(rewriteForCpu(writeOnnx(model))).toBeUndefined();
  });

  it('keeps the weights if another node reads them', async () => {
    const extra = [{ operation: 'Relu', inputs: ['weights'], outputs: ['other'] }];
    const file = writeOnnx(focusModel({ extra }));
    const folded = rewriteForCpu(file)!;
    const { nodes } = parseOnnx(folded, 'folded');
    expect(nodes.map(({ operation }) => operation)).toEqual(['Conv', 'Relu']);
    const expected = await run(file);
    const errors = (await run(folded)).map((value, i) => Math.abs(value - expected[i]!));
    expect(Math.max(...errors) / Math.max(...expected.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('keeps a file that is not ONNX', () => {
    expect(rewriteForCpu(Buffer.from('not ONNX'))).toBeUndefined();
  });
});
