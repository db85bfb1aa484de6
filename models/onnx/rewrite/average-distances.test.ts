import { describe, expect, it } from 'vitest';
import { type OnnxModel, type WrittenNode, writeOnnx } from '../write-onnx.js';
import { rewriteForCpu } from './index.js';
import { operationsOf, runModel, step } from '../../../test/support/onnx-models.js';

const EDGES = 4;
const BINS = 16;
const BOXES = 6;
const REWRITTEN = 'Reshape Transpose Reshape Softmax MatMul Reshape Transpose Reshape';

interface Head {
  readonly opset?: number;
  readonly perm?: readonly number[];
  readonly axis?: number;
  readonly shape?: readonly number[];
  readonly flat?: readonly number[];
  readonly convolution?: readonly string[];
  readonly extra?: readonly WrittenNode[];
  readonly outputs?: readonly string[];
}

/** Means of distributions as YOLOv8 computes them, with weights of the bins in `bins`. */
function headModel({
  opset = 17,
  perm = [0, 2, 1, 3],
  axis = 1,
  shape = [1, EDGES, BINS, BOXES],
  flat = [1, EDGES, BOXES],
  convolution = ['shares', 'bins'],
  extra = [],
  outputs = ['distances'],
}: Head = {}): OnnxModel {
  const int64 = (name: string, values: readonly number[]) => ({
    ...{ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) },
  });
  return {
    name: 'head',
    opset,
    inputs: [{ name: 'scores', type: 'float32', dims: [1, EDGES * BINS, BOXES] }],
    outputs: outputs.map((name) => ({ name, type: 'float32', dims: ['n', 'c', 'x'] })),
    nodes: [
      step('Reshape', ['scores', 'shape'], 'shaped'),
      { ...step('Transpose', ['shaped'], 'turned'), attributes: { perm } },
      { ...step('Softmax', ['turned'], 'shares'), attributes: { axis } },
      { ...step('Conv', convolution, 'sums'), attributes: { kernel_shape: [1, 1] } },
      step('Reshape', ['sums', 'flat'], 'distances'),
      ...extra,
    ],
    weights: [
      {
        name: 'bins',
        dims: [1, BINS, 1, 1],
        values: Float32Array.from({ length: BINS }, (_, i) => i),
      },
      { name: 'bias', dims: [1], values: Float32Array.of(2) },
      int64('shape', shape),
      int64('flat', flat),
    ],
  };
}

describe('averageDistances', () => {
  it('returns the same means with the bins on the last axis', async () => {
    const file = writeOnnx(headModel());
    const rewritten = rewriteForCpu(file)!;
    expect(operationsOf(rewritten)).toBe(REWRITTEN);
    const [expected, found] = await Promise.all([file, rewritten].map((each) => run(each)));
    expect(found).toHaveLength(EDGES * BOXES);
    const errors = found!.map((value, i) => Math.abs(value - expected![i]!));
    expect(Math.max(...errors)).toBeLessThan(BINS * 1e-6);
    expect(new Set(expected).size).toBeGreaterThan(EDGES);
  });

  it.each<[string, OnnxModel]>([
    ['operators of version 12, whose softmax spans several axes', headModel({ opset: 12 })],
    ['a softmax over the edges', headModel({ axis: 2 })],
    ['axes in another order', headModel({ perm: [0, 2, 3, 1] })],
    ['a batch of two', headModel({ shape: [2, EDGES, BINS, BOXES / 2] })],
    ['another order of the results', headModel({ flat: [1, BOXES, EDGES] })],
    ['a bias', headModel({ convolution: ['shares', 'bins', 'bias'] })],
    [
      'another use of the shares',
      headModel({ extra: [step('Relu', ['shares'], 'x')], outputs: ['distances', 'x'] }),
    ],
    ['the sums as an output', headModel({ outputs: ['distances', 'sums'] })],
    [
      'another number of bins',
      headModel({ shape: [1, 2 * EDGES, BINS / 2, BOXES], flat: [1, 2 * EDGES, BOXES] }),
    ],
  ])('keeps a model with %s', (_, model) => {
    expect(rewriteForCpu(writeOnnx(model))).toBeUndefined();
  });
});

async function run(file: Uint8Array): Promise<Float32Array> {
  const values = Float32Array.from({ length: EDGES * BINS * BOXES }, (_, i) => 5 * Math.sin(i));
  const dims = [1, EDGES * BINS, BOXES];
  const { distances } = await runModel(file, { name: 'scores', dims, values });
  return distances!;
}
