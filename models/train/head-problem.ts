import { AppError } from '../../domain/errors.js';
import type { HeadWeights } from './onnx-head.js';

/** Images as the values that the last layer receives, with the index of the class of each. */
export interface HeadData {
  /** Values of all images, one image after the other. */
  readonly features: Float32Array;
  readonly targets: readonly number[];
}

/** Data in the form in which the trainer uses it; all classes without images are constants. */
export interface HeadProblem {
  readonly images: number;
  readonly size: number;
  /** Classes with images, which are trained. */
  readonly active: readonly number[];
  /** Index into `active` of the class of each image. */
  readonly targets: Int32Array;
  /** Standardised values of the images, and a constant for the offset: `size` + 1 for each. */
  readonly inputs: Float32Array;
  /** Logits of the active classes before training, for each image. */
  readonly start: Float64Array;
  /** Logarithm of the sum of the powers of the other classes' logits, for each image. */
  readonly others: Float64Array;
  readonly mean: Float64Array;
  /** Factor of each standardised value. */
  readonly scale: Float64Array;
}

/** Smallest deviation of a value that is standardised, as a share of the mean deviation. */
const MIN_DEVIATION = 0.05;

/**
 * Prepares the training of the rows of the classes that have images.
 * @throws AppError `TRAIN_DATA` without images, or if the model returns values that are not finite.
 */
export function createProblem(data: HeadData, weights: HeadWeights): HeadProblem {
  const { features } = data;
  const { size } = weights;
  const images = data.targets.length;
  if (images === 0) throw new AppError('TRAIN_DATA', 'The data set has no images for training.');
  if (!features.every(Number.isFinite))
    throw new AppError('TRAIN_DATA', 'The model returns values that are not finite for an image.');
  const active = [...new Set(data.targets)].sort((a, b) => a - b);
  const position = new Map(active.map((target, i) => [target, i]));
  const { mean, scale } = standardise(features, images, size);
  return {
    ...{ images, size, active, mean, scale },
    targets: Int32Array.from(data.targets, (target) => position.get(target)!),
    inputs: inputsOf(features, images, { mean, scale }),
    ...logitsBefore(features, images, weights, active),
  };
}

/** Mean of each value and a factor, so that the mean square of an image's length is at most 1. */
function standardise(features: Float32Array, images: number, size: number) {
  const mean = new Float64Array(size);
  const variance = new Float64Array(size);
  for (let at = 0; at < features.length; at++) mean[at % size]! += features[at]! / images;
  for (let at = 0; at < features.length; at++)
    variance[at % size]! += (features[at]! - mean[at % size]!) ** 2 / images;
  const deviations = variance.map(Math.sqrt);
  const least = MIN_DEVIATION * (deviations.reduce((sum, each) => sum + each, 0) / size) || 1;
  const scale = deviations.map((each) => 1 / (Math.max(each, least) * Math.sqrt(size)));
  return { mean, scale };
}

function inputsOf(
  features: Float32Array,
  images: number,
  { mean, scale }: Pick<HeadProblem, 'mean' | 'scale'>,
): Float32Array {
  const size = mean.length;
  const inputs = new Float32Array(images * (size + 1));
  for (let i = 0; i < images; i++) {
    for (let j = 0; j < size; j++)
      inputs[i * (size + 1) + j] = (features[i * size + j]! - mean[j]!) * scale[j]!;
    inputs[i * (size + 1) + size] = 1;
  }
  return inputs;
}

function logitsBefore(
  features: Float32Array,
  images: number,
  weights: HeadWeights,
  active: readonly number[],
): Pick<HeadProblem, 'start' | 'others'> {
  const start = new Float64Array(images * active.length);
  const others = new Float64Array(images);
  const isActive = new Set(active);
  for (let i = 0; i < images; i++) {
    const logits = logitsOf(features.subarray(i * weights.size, (i + 1) * weights.size), weights);
    active.forEach((target, a) => (start[i * active.length + a] = logits[target]!));
    others[i] = logSumExp(logits.filter((_, target) => !isActive.has(target)));
  }
  return { start, others };
}

/** Logits of an image for all classes. */
export function logitsOf(features: Float32Array, weights: HeadWeights): Float64Array {
  const { size, rows, offsets } = weights;
  return offsets.map((offset, target) => {
    let sum = offset;
    for (let j = 0; j < size; j++) sum += rows[target * size + j]! * features[j]!;
    return sum;
  });
}

/** Logarithm of the sum of the powers of values; -Infinity of no values. */
function logSumExp(values: Float64Array): number {
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (highest === -Infinity) return highest;
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
