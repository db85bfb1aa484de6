import { AppError } from '../../domain/errors.js';
import type { OutputTensor, TensorShape } from './families/index.js';
import { nonFiniteOutput, type InferenceSpec } from '../session/inference-spec.js';

/** Allowed deviation from 1 of the sum of a model's probabilities: float16 outputs are rounded. */
const SUM_TOLERANCE = 0.01;

/** A class of an image; its label is the manifest's label at index `classId`. */
export interface ClassConfidence {
  readonly classId: number;
  readonly confidence: number;
}

/** Reads a classifier's output. */
export interface ClassReader {
  readonly tensor: TensorShape;
  /** Confidences of all classes, in the order of the labels. */
  readonly read: (output: OutputTensor) => Float64Array;
}

/**
 * Creates the reader of a classifier's output, which may have any shape with one value per class.
 * The reader throws AppError `MODEL_INVALID` for another number of values, values that are not
 * finite, and "probabilities" that are negative or do not sum to 1.
 * @throws AppError `INVALID_INPUT` for a model that detects.
 */
export function createClassReader(model: InferenceSpec): ClassReader {
  const { name, output, labels } = model;
  if (output.family !== 'classifier') {
    throw new AppError(
      'INVALID_INPUT',
      `Model ${name} detects objects and does not classify images: use a classifier`,
      { model: name },
    );
  }
  const toConfidences = output.activation === 'softmax' ? expectProbabilities : softmaxOf;
  return {
    tensor: output.tensor === undefined ? {} : { name: output.tensor },
    read({ values, dims }) {
      if (values.length !== labels.length) throw wrongCount(model, dims);
      if (!values.every(Number.isFinite)) throw nonFiniteOutput(model);
      return toConfidences(values, model);
    },
  };
}

/**
 * Softmax of logits: 0 to 1 each, 1 in sum. The maximum is subtracted first to avoid overflow.
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
 * Returns the most confident classes, the best first; ties are ordered by class id.
 * @example bestClasses(Float64Array.of(0.2, 0.7, 0.1), 1) // [{ classId: 1, confidence: 0.7 }]
 */
export function bestClasses(confidences: Float64Array, count: number): ClassConfidence[] {
  return Array.from(confidences, (confidence, classId) => ({ classId, confidence }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, count);
}

function expectProbabilities(values: Float32Array, { name }: InferenceSpec): Float64Array {
  const probabilities = Float64Array.from(values);
  const sum = probabilities.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) <= SUM_TOLERANCE && probabilities.every((value) => value >= 0)) {
    return probabilities.map((value) => value / sum);
  }
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name}: its manifest declares probabilities, but they sum to ${sum.toPrecision(4)}; if they are logits, add it again with --activation none`,
    { model: name },
  );
}

function wrongCount({ name, labels }: InferenceSpec, dims: readonly number[]): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} returned an output of shape [${dims.join(', ')}] for ${labels.length} labels; add it again with the labels it was trained with`,
    { model: name },
  );
}
