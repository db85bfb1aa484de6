import { describe, expect, it } from 'vitest';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import { hasDynamicDims, withMeasuredSizes } from './measured-sizes.js';

const of = (...dims: OnnxTensor['dims']): OnnxTensor => ({ name: 'y', type: 'float32', dims });

describe('hasDynamicDims', () => {
  it.each<[OnnxTensor, boolean]>([
    [of(1, 300, 6), false],
    [of('batch', 300, 6), false],
    [of(1, 'rows', 6), true],
    [of(), true],
    [of('n'), false],
  ])('returns for %j: %s', (output, expected) => {
    expect(hasDynamicDims(output)).toBe(expected);
  });
});

describe('withMeasuredSizes', () => {
  it.each<[string, OnnxTensor, number[], number[], OnnxTensor['dims']]>([
    [
      'sets dimensions on which both runs agree',
      of('b', 'q', 81),
      [1, 100, 81],
      [1, 100, 81],
      [1, 100, 81],
    ],
    ['keeps dimensions that depend on the image', of('n', 4), [3, 4], [7, 4], ['n', 4]],
    ['keeps a list that is empty in both runs', of('n', 4), [0, 4], [0, 4], ['n', 4]],
    ['never changes a declared size', of(1, 'n', 6), [1, 300, 7], [1, 300, 7], [1, 300, 6]],
    [
      'sets all dimensions of an output without a shape',
      of(),
      [1, 8400, 84],
      [1, 8400, 84],
      [1, 8400, 84],
    ],
    ['keeps an output of another rank', of('n', 4), [1, 3, 4], [1, 3, 4], ['n', 4]],
  ])('%s', (_, output, first, second, expected) => {
    expect(withMeasuredSizes(output, [{ y: first }, { y: second }]).dims).toEqual(expected);
  });

  it('keeps an output that the runs did not return', () => {
    expect(withMeasuredSizes(of('n', 4), [{}, {}])).toEqual(of('n', 4));
  });
});
