import { createArray, encodeNumber } from './element-type.js';
import { type ModelInputSpec, feedsOf, runError } from './feeds.js';
import { loadSession, type SessionOptions } from './load-session.js';
import { inputDimsOf } from './inference-spec.js';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import { Tensor } from './tensor.js';

/** Dimensions of each output after an inference, by name. */
export type OutputDims = Readonly<Record<string, readonly number[]>>;

/**
 * Runs a model on a blank image and on noise and returns the dimensions of its outputs: dynamic
 * dimensions that do not depend on the image are the same in both.
 * @throws AppError `MODEL_INVALID` if the model cannot be run with an input of this size.
 */
export async function measureOutputs(
  model: ModelInputSpec,
  options: SessionOptions,
): Promise<readonly [OutputDims, OutputDims]> {
  const session = await loadSession(model, options);
  const sizesFor = async (pixel: (at: number) => number): Promise<OutputDims> => {
    const feeds = feedsOf(model, imageOf(model, pixel), session.inputMetadata);
    const results = await session.run(feeds).catch((cause: unknown) => {
      throw runError(model, cause);
    });
    const tensors = Object.entries(results).flatMap(([name, value]) =>
      value instanceof Tensor ? [[name, value.dims] as const] : [],
    );
    return Object.fromEntries(tensors);
  };
  try {
    return [await sizesFor(() => 0), await sizesFor(noise)];
  } finally {
    await session.release();
  }
}

/** Deterministic noise, 0 to 255. */
function noise(at: number): number {
  return (at * 7919) % 256;
}

function imageOf({ input }: ModelInputSpec, pixel: (at: number) => number) {
  const { dtype } = input;
  const data = createArray(dtype, 3 * input.width * input.height);
  const scale = dtype === 'uint8' ? 1 : 1 / 255;
  data.forEach((_, at) => {
    data[at] = encodeNumber(dtype, pixel(at) * scale);
  });
  return { data, dims: inputDimsOf({ input }) };
}

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
