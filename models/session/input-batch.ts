import { createArray } from './element-type.js';
import { createInputTensor, type InputTensor } from './input-tensor.js';
import { inputDimsOf, type InferenceSpec } from './inference-spec.js';

/** Input of one inference: frames one after another in one array. */
export interface InputBatch {
  /** One slot per frame; each writes to its part of the array. */
  readonly slots: readonly InputTensor[];
  /** Values and shape of the first `count` slots. */
  readonly first: (count: number) => Pick<InputTensor, 'data' | 'dims'>;
}

/** Allocates a model's input for at most `size` frames. */
export function createInputBatch(
  { input }: Pick<InferenceSpec, 'input'>,
  size: number,
): InputBatch {
  const values = 3 * input.width * input.height;
  const data = createArray(input.dtype, size * values);
  const dims = inputDimsOf({ input });
  return {
    slots: Array.from({ length: size }, (_, slot) =>
      createInputTensor({ input }, data.subarray(slot * values, (slot + 1) * values)),
    ),
    first: (count) => ({
      data: data.subarray(0, count * values),
      dims: count === 1 ? dims : [count, ...dims.slice(1)],
    }),
  };
}
