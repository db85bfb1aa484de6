import { createArray, encodeNumber } from './element-type.js';
import { type ModelInputSpec, feedsOf, runError } from './feeds.js';
import { loadSession, type SessionOptions } from './load-session.js';
import { inputDimsOf } from './inference-spec.js';
import type { OutputDims } from './measured-sizes.js';
import { Tensor } from './tensor.js';

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
