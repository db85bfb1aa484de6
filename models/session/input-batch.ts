import { createArray } from './element-type.js';
import { createInputTensor, type InputTensor } from './input-tensor.js';
import { inputDimsOf, type Network } from './network.js';

/** Room for the frames of one inference, one after another in one array. */
export interface InputBatch {
  /** One for each frame: it writes into its own part of the array. */
  readonly slots: readonly InputTensor[];
  /** Values and shape of the first `count` slots. */
  readonly first: (count: number) => Pick<InputTensor, 'data' | 'dims'>;
}

/** Allocates the input of a network for at most `size` frames at once. */
export function createInputBatch({ input }: Pick<Network, 'input'>, size: number): InputBatch {
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
