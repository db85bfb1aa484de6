import { AppError } from '../../../domain/errors.js';
import { addCandidate, type Candidates } from '../candidates.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';

/** A tensor that a model returned. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Expected name and shape of a tensor. */
export interface TensorShape {
  /** Default: the model's only output. */
  readonly name?: string;
  /** `undefined` is a dynamic dimension; without dims any shape matches. */
  readonly dims?: readonly (number | undefined)[];
}

/** Reads the outputs of one family of models. */
export interface OutputReader {
  /** Tensors that `read` expects, in order. */
  readonly tensors: readonly TensorShape[];
  /** Whether the model needs no non-maximum suppression (NMS). */
  readonly nmsFree: boolean;
  /** Adds the boxes whose confidence is at least `conf` (0 to 1). */
  readonly read: (tensors: readonly OutputTensor[], conf: number, candidates: Candidates) => void;
}

/** Confidence above which an output is invalid; less is a rounding error. */
const CONFIDENCE_MAX = 1.001;

/**
 * Returns the class with the highest value (the first on a tie), or -1 if all are below `conf`.
 * @throws AppError `MODEL_INVALID` if a value is NaN.
 */
export function bestClassOf(
  model: InferenceSpec,
  values: Float32Array,
  first: number,
  conf: number,
): number {
  const end = first + model.labels.length;
  let best = -1;
  let highest = conf;
  for (let at = first; at < end; at++) {
    const value = values[at]!;
    // NaN is not less than anything, so it reaches the check below.
    if (value < highest) continue;
    if (Number.isNaN(value)) throw nonFiniteOutput(model);
    if (best >= 0 && value === highest) continue;
    best = at - first;
    highest = value;
  }
  return best;
}

/**
 * Adds a box given by two opposite corners in pixels of the input, in any order.
 * @throws AppError `MODEL_INVALID` for numbers that are not finite, a confidence above 1, or a class
 * without a label.
 */
export function addCorners(
  model: InferenceSpec,
  candidates: Candidates,
  classId: number,
  confidence: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  anchor?: number,
): void {
  if (!(classId >= 0 && classId < model.labels.length)) throw unlabelledClass(model, classId);
  if (confidence > CONFIDENCE_MAX) throw impossibleConfidence(model, confidence);
  const atMostOne = Math.min(1, confidence);
  const [left, right] = x0 <= x1 ? [x0, x1] : [x1, x0];
  const [top, bottom] = y0 <= y1 ? [y0, y1] : [y1, y0];
  if (!addCandidate(candidates, classId, atMostOne, left, top, right, bottom, anchor))
    throw nonFiniteOutput(model);
}

/** Adds a box given by its centre and size; throws as {@link addCorners} does. */
export function addCentred(
  model: InferenceSpec,
  candidates: Candidates,
  classId: number,
  confidence: number,
  x: number,
  y: number,
  width: number,
  height: number,
  anchor?: number,
): void {
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  addCorners(
    model,
    candidates,
    classId,
    confidence,
    x - halfWidth,
    y - halfHeight,
    x + halfWidth,
    y + halfHeight,
    anchor,
  );
}

/** Pixels of the input per unit of a box coordinate. */
export function unitOf(
  { input }: InferenceSpec,
  coordinates: 'pixels' | 'normalised',
): { readonly x: number; readonly y: number } {
  return coordinates === 'pixels' ? { x: 1, y: 1 } : { x: input.width, y: input.height };
}

function impossibleConfidence({ name }: InferenceSpec, confidence: number): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} returned a confidence of ${confidence}, and the limit is 1: its output is not what its manifest describes; add it again`,
    { model: name },
  );
}

function unlabelledClass({ name, labels }: InferenceSpec, classId: number): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} returned class ${classId}, but its manifest has labels for classes 0 to ${labels.length - 1} only; add it again with the labels it was trained with`,
    { model: name },
  );
}
