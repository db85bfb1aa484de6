import type { TensorShape } from '../decode/families/index.js';
import { findTensor, type Metadata } from './feeds.js';
import type { Network } from './network.js';

const EXPORT = 'export it with an open batch (dynamic=True, dynamic_axes)';

/**
 * Why a network is not given several frames at once, as far as its file tells; undefined where it
 * may be. Each of the outputs that are read must begin with the batch, by its family and by the file:
 * a list that the network has finished itself may hold the objects of all frames in one.
 */
export function reasonNotBatchable(
  { name, input }: Pick<Network, 'name' | 'input'>,
  inputs: readonly Metadata[],
  shapes: readonly TensorShape[],
  outputs: readonly Metadata[],
): string | undefined {
  if (input.layout === 'chw') return `model ${name} takes one picture that is in no batch`;
  if (input.size_tensor) return `model ${name} is given the size of one picture beside it`;
  const frames = findTensor(inputs, input.tensor);
  if (frames && !hasOpenBatch(frames))
    return `model ${name} is exported with a batch of 1: ${EXPORT}`;
  const unclear = outputs.find((_, i) => shapes[i]?.dims?.[0] !== 1);
  if (unclear) return `output ${unclear.name} of model ${name} may hold all frames in one list`;
  const fixed = outputs.find((output) => !hasOpenBatch(output));
  return fixed && `output ${fixed.name} of model ${name} has a batch of 1: ${EXPORT}`;
}

function hasOpenBatch(tensor: Metadata): boolean {
  return tensor.isTensor && typeof tensor.shape[0] === 'string';
}
