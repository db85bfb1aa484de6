import type { OnnxTensor } from '../onnx/onnx-file.js';

/** Dimensions of each output after an inference, by name. */
export type OutputDims = Readonly<Record<string, readonly number[]>>;

/** Whether an output has dynamic dimensions other than the batch. */
export function hasDynamicDims({ dims }: OnnxTensor): boolean {
  return dims.length === 0 || dims.slice(1).some((dim) => typeof dim === 'string');
}

/**
 * Replaces an output's dynamic dimensions by measured ones if both runs agree.
 * @example withMeasuredSizes({ name: 'y', type: 'float32', dims: ['n', 'rows', 6] }, [{ y: [1, 300, 6] }, { y: [1, 300, 6] }]).dims // [1, 300, 6]
 */
export function withMeasuredSizes(
  output: OnnxTensor,
  sizes: readonly [OutputDims, OutputDims],
): OnnxTensor {
  const [first, second] = sizes.map((each) => each[output.name]);
  const declared = output.dims.length > 0 ? output.dims : first?.map(() => '?');
  if (!first || !second || !declared || declared.length !== first.length) return output;
  const dims = declared.map((dim, at) => {
    const isSame = first[at] === second[at] && first[at] !== 0;
    return typeof dim === 'string' && isSame ? first[at]! : dim;
  });
  return { ...output, dims };
}
