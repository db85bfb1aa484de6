import type { TensorShape } from '../decode/families/index.js';
import { findTensor, type Metadata } from './feeds.js';
import type { InferenceSpec } from './inference-spec.js';

const ADVICE = 'export it with a dynamic batch (dynamic=True, dynamic_axes)';

/**
 * Returns why a model cannot run on a batch of several frames, or undefined if its file does not rule
 * that out. The first dimension of every decoded output must be the batch, by its family and by the
 * file: a list of detections after NMS may mix the objects of all frames.
 */
export function reasonNotBatchable(
  { name, input }: Pick<InferenceSpec, 'name' | 'input'>,
  inputs: readonly Metadata[],
  shapes: readonly TensorShape[],
  outputs: readonly Metadata[],
): string | undefined {
  if (input.layout === 'chw') return `the input of model ${name} has no batch dimension`;
  if (input.size_tensor) return `model ${name} takes the size of a single image as a second input`;
  const frames = findTensor(inputs, input.tensor);
  if (frames && !hasDynamicBatch(frames))
    return `model ${name} is exported with a batch of 1: ${ADVICE}`;
  const unclear = outputs.find((_, i) => shapes[i]?.dims?.[0] !== 1);
  if (unclear)
    return `output ${unclear.name} of model ${name} may mix the objects of all frames in one list`;
  const fixed = outputs.find((output) => !hasDynamicBatch(output));
  return fixed && `output ${fixed.name} of model ${name} has a batch of 1: ${ADVICE}`;
}

function hasDynamicBatch(tensor: Metadata): boolean {
  return tensor.isTensor && typeof tensor.shape[0] === 'string';
}
