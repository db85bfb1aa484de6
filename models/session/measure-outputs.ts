import { createArray, encodeNumber } from './element-type.js';
import { type ModelInputSpec, feedsOf, runError } from './feeds.js';
import { loadSession, type SessionOptions } from './load-session.js';
import { inputDimsOf } from './network.js';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import { Tensor } from './tensor.js';

/** Each output's sizes after a run, by its name. */
export type Sizes = Readonly<Record<string, readonly number[]>>;

/**
 * The sizes of a network's outputs, for a blank picture and for one of noise: those that its file
 * leaves open, and that do not depend on the picture, are the same in both.
 * @throws AppError `MODEL_INVALID` when it cannot be run on an input of this size.
 */
export async function measureOutputs(
  network: ModelInputSpec,
  options: SessionOptions,
): Promise<readonly [Sizes, Sizes]> {
  const session = await loadSession(network, options);
  const sizesFor = async (pixel: (at: number) => number): Promise<Sizes> => {
    const feeds = feedsOf(network, pictureOf(network, pixel), session.inputMetadata);
    const results = await session.run(feeds).catch((cause: unknown) => {
      throw runError(network, cause);
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

/** Bytes that jump from one to the next, the same each time. */
function noise(at: number): number {
  return (at * 7919) % 256;
}

function pictureOf({ input }: ModelInputSpec, pixel: (at: number) => number) {
  const { dtype } = input;
  const data = createArray(dtype, 3 * input.width * input.height);
  const scale = dtype === 'uint8' ? 1 : 1 / 255;
  data.forEach((_, at) => {
    data[at] = encodeNumber(dtype, pixel(at) * scale);
  });
  return { data, dims: inputDimsOf({ input }) };
}

/** Whether a file leaves a size of an output open, other than how many pictures it is for. */
export function isOpen({ dims }: OnnxTensor): boolean {
  return dims.length === 0 || dims.slice(1).some((dim) => typeof dim === 'string');
}

/**
 * An output with the sizes that were measured in place of those that its file leaves open.
 * @example measured({ name: 'y', type: 'float32', dims: ['n', 'rows', 6] }, [{ y: [1, 300, 6] }, { y: [1, 300, 6] }]).dims // [1, 300, 6]
 */
export function measured(output: OnnxTensor, sizes: readonly [Sizes, Sizes]): OnnxTensor {
  const [first, second] = sizes.map((each) => each[output.name]);
  const declared = output.dims.length > 0 ? output.dims : first?.map(() => '?');
  if (!first || !second || !declared || declared.length !== first.length) return output;
  const dims = declared.map((dim, at) => {
    const isSame = first[at] === second[at] && first[at] !== 0;
    return typeof dim === 'string' && isSame ? first[at]! : dim;
  });
  return { ...output, dims };
}
