import { AppError } from '../../domain/errors.js';
import type { OutputTensor, TensorShape } from './families/index.js';
import { notFinite, type Network } from '../session/network.js';

/** How far from 1 the sum of a network's own probabilities may be, for halves and what they cost. */
const SUM_TOLERANCE = 0.01;

/** A class of a picture; its label is that of the manifest at `classId`. */
export interface ClassConfidence {
  readonly classId: number;
  readonly confidence: number;
}

/** Reads the confidences of all classes, in the order of the labels. */
export interface ClassReader {
  readonly tensor: TensorShape;
  readonly read: (output: OutputTensor) => Float64Array;
}

/**
 * The reader of a classifier's output, of whatever shape that holds a value for each class. It
 * throws AppError `MODEL_INVALID` for another number of values, for values that are not finite, and
 * for probabilities that are none.
 * @throws AppError `INVALID_INPUT` for a network that detects.
 */
export function createClassReader(network: Network): ClassReader {
  const { name, output, labels } = network;
  if (output.family !== 'classifier') {
    throw new AppError(
      'INVALID_INPUT',
      `Model ${name} finds objects and does not classify pictures as a whole: use one that classifies`,
      { model: name },
    );
  }
  const toConfidences = output.activation === 'softmax' ? expectProbabilities : softmaxOf;
  return {
    tensor: output.tensor === undefined ? {} : { name: output.tensor },
    read({ values, dims }) {
      if (values.length !== labels.length) throw otherCount(network, dims);
      if (!values.every(Number.isFinite)) throw notFinite(network);
      return toConfidences(values, network);
    },
  };
}

/**
 * Softmax of logits, 0 to 1 each and 1 in sum; the largest is taken off first, so that none
 * overflows.
 * @example softmaxOf(Float32Array.of(1000, 1000)) // [0.5, 0.5]
 */
export function softmaxOf(logits: ArrayLike<number>): Float64Array {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) highest = Math.max(highest, logits[i]!);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * The most confident classes, the best first; of equal ones that of the lower id.
 * @example bestClasses(Float64Array.of(0.2, 0.7, 0.1), 1) // [{ classId: 1, confidence: 0.7 }]
 */
export function bestClasses(confidences: Float64Array, count: number): ClassConfidence[] {
  return Array.from(confidences, (confidence, classId) => ({ classId, confidence }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, count);
}

function expectProbabilities(values: Float32Array, { name }: Network): Float64Array {
  const probabilities = Float64Array.from(values);
  const sum = probabilities.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) <= SUM_TOLERANCE && probabilities.every((value) => value >= 0)) {
    return probabilities.map((value) => value / sum);
  }
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name}: its manifest says that its values are probabilities, but they sum to ${sum.toPrecision(4)}; add it again with --activation none if they are logits`,
    { model: name },
  );
}

function otherCount({ name, labels }: Network, dims: readonly number[]): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} gave an output of [${dims.join(', ')}] for ${labels.length} labels; give it the labels that it was trained with`,
    { model: name },
  );
}
