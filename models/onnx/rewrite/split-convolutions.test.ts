import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../decode-graph.js';
import { FIELDS } from '../descriptor.js';
import { parseOnnx } from '../onnx-file.js';
import { encodeField, spliceFields } from '../splice.js';
import { type OnnxModel, type Weights, type WrittenNode, writeOnnx } from '../write-onnx.js';
import { rewriteForCpu } from './index.js';
import { operationsOf, runModel, step } from '../../../test/support/onnx-models.js';

const SIDE = 8;
const CHANNELS = 32;
const IMAGE = { name: 'image', type: 'float32', dims: [1, 3, SIDE, SIDE] };

const integers = (name: string, ...values: readonly number[]): Weights => ({
  ...{ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) },
});
const SILU = [
  step('Sigmoid', ['convolved'], 'gate'),
  step('Mul', ['convolved', 'gate'], 'activated'),
];
const CONVOLUTION: WrittenNode = {
  ...step('Conv', ['image', 'filters', 'bias'], 'convolved'),
  attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
};

/** A slice of channels `[from, to)`, with the integers that it reads. */
const slice = (from: number, to: number, output: string, input = 'activated') => ({
  node: step('Slice', [input, `i${from}`, `i${to}`, 'i1'], output),
  weights: [integers(`i${from}`, from), integers(`i${to}`, to)],
});

interface Block {
  readonly convolution?: WrittenNode;
  readonly activation?: readonly WrittenNode[];
  readonly slices?: readonly ReturnType<typeof slice>[];
  /** Nodes instead of slices. */
  readonly cut?: readonly WrittenNode[];
  readonly sizes?: readonly Weights[];
  readonly extra?: readonly WrittenNode[];
  readonly outputs?: readonly string[];
}

/** A convolution whose channels are cut into the tensors `a` and `b`. */
function blockModel({
  convolution = CONVOLUTION,
  activation = SILU,
  slices = [slice(0, 16, 'a'), slice(16, 32, 'b')],
  cut = slices.map(({ node }) => node),
  sizes = slices.flatMap(({ weights }) => weights),
  extra = [],
  outputs = ['a', 'b'],
}: Block = {}): OnnxModel {
  const values = Float32Array.from({ length: CHANNELS * 27 }, (_, i) => Math.sin(i));
  const bias = Float32Array.from({ length: CHANNELS }, (_, i) => Math.cos(i));
  const constants = [
    { name: 'filters', dims: [CHANNELS, 3, 3, 3], values },
    { name: 'bias', dims: [CHANNELS], values: bias },
    integers('i1', 1),
    integers('i2', 2),
    ...sizes,
  ];
  return {
    name: 'block',
    opset: 17,
    inputs: [IMAGE],
    outputs: outputs.map((name) => ({ name, type: 'float32', dims: ['n', 'c', 'h', 'w'] })),
    nodes: [convolution, ...activation, ...cut, ...extra],
    weights: [...new Map(constants.map((each) => [each.name, each])).values()],
  };
}

const split = (inputs: readonly string[], attributes: WrittenNode['attributes'] = { axis: 1 }) => ({
  ...{ operation: 'Split', inputs, outputs: ['a', 'b'], attributes },
});
const WITHOUT_BIAS = { ...CONVOLUTION, inputs: ['image', 'filters'] };

describe('splitConvolutions', () => {
  it.each<[string, OnnxModel, string]>([
    ['slices behind SiLU', blockModel(), 'Conv Sigmoid Mul Conv Sigmoid Mul'],
    [
      'slices behind one activation',
      blockModel({ activation: [step('Relu', ['convolved'], 'activated')] }),
      'Conv Relu Conv Relu',
    ],
    [
      'slices without an activation',
      blockModel({
        activation: [],
        slices: [slice(16, 32, 'b', 'convolved'), slice(0, 16, 'a', 'convolved')],
      }),
      'Conv Conv',
    ],
    [
      'slices to the end of the axis',
      blockModel({ slices: [slice(0, 16, 'a'), slice(16, 2 ** 40, 'b')] }),
      'Conv Sigmoid Mul Conv Sigmoid Mul',
    ],
    [
      'a split of given sizes',
      blockModel({
        cut: [split(['activated', 'sizes'])],
        sizes: [integers('sizes', 16, 16)],
      }),
      'Conv Sigmoid Mul Conv Sigmoid Mul',
    ],
    [
      'an even split of a convolution without bias',
      blockModel({ convolution: WITHOUT_BIAS, cut: [split(['activated'])], sizes: [] }),
      'Conv Sigmoid Mul Conv Sigmoid Mul',
    ],
  ])('gives each part its own convolution: %s', async (_, model, operations) => {
    const file = writeOnnx(model);
    const rewritten = rewriteForCpu(file)!;
    expect(operationsOf(rewritten)).toBe(operations);
    const [expected, results] = await Promise.all([file, rewritten].map((each) => run(each)));
    expect(results!.a).toHaveLength(16 * SIDE * SIDE);
    expect(results).toEqual(expected);
  });

  it('leaves out the weights that no node reads any more', () => {
    const rewritten = rewriteForCpu(writeOnnx(blockModel()))!;
    const filters = 4 * CHANNELS * 27;
    expect(rewritten.length).toBeGreaterThan(filters);
    expect(rewritten.length).toBeLessThan(filters + 2000);
  });

  it('keeps weights that another node reads', async () => {
    const extra = [step('Relu', ['filters'], 'other')];
    const file = writeOnnx(blockModel({ extra, outputs: ['a', 'b', 'other'] }));
    const rewritten = rewriteForCpu(file)!;
    expect(operationsOf(rewritten)).toBe('Conv Sigmoid Mul Conv Sigmoid Mul Relu');
    expect(await run(rewritten)).toEqual(await run(file));
  });

  it.each<[string, OnnxModel]>([
    [
      'parts that are not blocks of 16 channels',
      blockModel({ slices: [slice(0, 8, 'a'), slice(8, 32, 'b')] }),
    ],
    ['parts that overlap', blockModel({ slices: [slice(0, 32, 'a'), slice(16, 32, 'b')] })],
    ['a single part', blockModel({ slices: [slice(0, 16, 'a')], outputs: ['a'] })],
    [
      'another use of the whole',
      blockModel({ extra: [step('Relu', ['activated'], 'c')], outputs: ['a', 'b', 'c'] }),
    ],
    ['the whole as an output', blockModel({ outputs: ['a', 'b', 'activated'] })],
    ['the convolution as an output', blockModel({ outputs: ['a', 'b', 'convolved'] })],
    [
      'a gate that another node reads',
      blockModel({ extra: [step('Relu', ['gate'], 'c')], outputs: ['a', 'b', 'c'] }),
    ],
    ['a split of rows', blockModel({ cut: [split(['activated'], { axis: 2 })], sizes: [] })],
    [
      'slices with steps',
      blockModel({
        cut: ['a', 'b'].map((name, i) =>
          step('Slice', ['activated', `i${16 * i}`, 'i32', 'i1', 'i2'], name),
        ),
        sizes: [integers('i0', 0), integers('i16', 16), integers('i32', 32)],
      }),
    ],
    [
      'slices that count from the end',
      blockModel({ slices: [slice(0, 16, 'a'), slice(-16, 32, 'b')] }),
    ],
    [
      'a convolution of groups',
      blockModel({
        convolution: {
          ...CONVOLUTION,
          attributes: { ...CONVOLUTION.attributes, group: 2 },
        },
      }),
    ],
    [
      'weights that a node computes',
      blockModel({
        convolution: { ...CONVOLUTION, inputs: ['image', 'computed', 'bias'] },
        extra: [step('Relu', ['filters'], 'computed')],
      }),
    ],
  ])('keeps a model with %s', (_, model) => {
    expect(rewriteForCpu(writeOnnx(model))).toBeUndefined();
  });

  it('keeps a model with operators of another set', () => {
    const node = { opType: 'Conv', input: [], output: ['x'], domain: 'com.example' };
    const foreign = encodeField(FIELDS.graph.node, encodeMessage('NodeProto', node));
    const file = spliceFields(writeOnnx(blockModel()), ({ id, content }) =>
      id === FIELDS.model.graph ? [encodeField(id, Buffer.concat([content, foreign]))] : undefined,
    );
    expect(parseOnnx(file, 'model').nodes).toHaveLength(6);
    expect(rewriteForCpu(file)).toBeUndefined();
  });
});

function run(file: Uint8Array): Promise<Readonly<Record<string, Float32Array>>> {
  const values = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.cos(3 * i));
  return runModel(file, { name: 'image', dims: IMAGE.dims, values });
}
