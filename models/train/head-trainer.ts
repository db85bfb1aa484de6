import { AppError } from '../../domain/errors.js';
import type { HeadProblem } from './head-problem.js';
import type { HeadWeights } from './onnx-head.js';

export interface HeadOptions {
  readonly steps: number;
  /** Weight of the squared distance from the weights before training. */
  readonly l2: number;
}

/** State after a number of steps: changes of the rows and offsets of the trained classes. */
export interface HeadState {
  readonly step: number;
  /** Mean loss before the last step; null before the first one. */
  readonly loss: number | null;
  readonly weights: Float64Array;
  /** Weights one step before. */
  readonly previous: Float64Array;
}

/** Trainer of a last layer. */
export interface HeadTrainer {
  readonly start: () => HeadState;
  /** @throws AppError `TRAIN_DIVERGED` if the loss is not finite. */
  readonly step: (state: HeadState) => HeadState;
}

/** Rounds of the search for the largest eigenvalue, and the factor by which it may be too low. */
const POWER_ROUNDS = 30;
const POWER_MARGIN = 1.1;

/**
 * Multinomial logistic regression from the weights that the model has: accelerated gradient descent
 * over all images (Nesterov 1983, Beck and Teboulle 2009), with the step length that the largest
 * curvature allows (Böhning 1992). No random numbers, sums of 64-bit floats in a fixed order: the same
 * data always gives the same bytes.
 */
export function createHeadTrainer(
  problem: HeadProblem,
  { l2 }: Pick<HeadOptions, 'l2'>,
): HeadTrainer {
  const length = problem.active.length * (problem.size + 1);
  const rate = 1 / (largestCurvature(problem) + l2);
  return {
    start: () => ({
      ...{ step: 0, loss: null },
      weights: new Float64Array(length),
      previous: new Float64Array(length),
    }),
    step: ({ step, weights, previous }) => {
      const momentum = step / (step + 3);
      const ahead = weights.map((value, at) => value + momentum * (value - previous[at]!));
      const { loss, gradient } = gradientOf(problem, ahead, l2);
      if (!Number.isFinite(loss))
        throw new AppError('TRAIN_DIVERGED', `The loss is ${loss} after step ${step}.`);
      const next = ahead.map((value, at) => value - rate * gradient[at]!);
      return { step: step + 1, loss, weights: next, previous: weights };
    },
  };
}

/** Half the largest eigenvalue of the mean outer product of the inputs. */
function largestCurvature({ images, size, inputs }: HeadProblem): number {
  const width = size + 1;
  let vector = new Float64Array(width).fill(1 / Math.sqrt(width));
  let eigenvalue = 0;
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const product = new Float64Array(width);
    for (let i = 0; i < images; i++) {
      let dot = 0;
      for (let j = 0; j < width; j++) dot += inputs[i * width + j]! * vector[j]!;
      for (let j = 0; j < width; j++) product[j]! += (dot * inputs[i * width + j]!) / images;
    }
    eigenvalue = Math.sqrt(product.reduce((sum, value) => sum + value * value, 0));
    vector = product.map((value) => value / eigenvalue);
  }
  return (POWER_MARGIN * eigenvalue) / 2;
}

function gradientOf(problem: HeadProblem, weights: Float64Array, l2: number) {
  const { images, size, active, inputs, targets } = problem;
  const width = size + 1;
  const gradient = new Float64Array(weights.length);
  let loss = 0;
  for (let i = 0; i < images; i++) {
    const shares = sharesOf(problem, weights, i);
    loss -= Math.log(shares[targets[i]!]!) / images;
    for (let a = 0; a < active.length; a++) {
      const error = (shares[a]! - (a === targets[i] ? 1 : 0)) / images;
      for (let j = 0; j < width; j++) gradient[a * width + j]! += error * inputs[i * width + j]!;
    }
  }
  // Offsets are not drawn towards their start.
  for (let at = 0; at < weights.length; at++) {
    if (at % width !== size) gradient[at]! += l2 * weights[at]!;
  }
  return { loss, gradient };
}

/** Probabilities of the trained classes for an image; the other classes have the rest. */
function sharesOf(
  { size, active, inputs, start, others }: HeadProblem,
  weights: Float64Array,
  image: number,
): Float64Array {
  const width = size + 1;
  const logits = new Float64Array(active.length);
  let highest = others[image]!;
  for (let a = 0; a < active.length; a++) {
    let sum = start[image * active.length + a]!;
    for (let j = 0; j < width; j++) sum += weights[a * width + j]! * inputs[image * width + j]!;
    logits[a] = sum;
    highest = Math.max(highest, sum);
  }
  let total = Math.exp(others[image]! - highest);
  for (let a = 0; a < active.length; a++) total += logits[a] = Math.exp(logits[a]! - highest);
  return logits.map((power) => power / total);
}

/** Returns the weights of the layer after training; rows without images are those before it. */
export function trainedWeights(
  { active, size, mean, scale }: HeadProblem,
  before: HeadWeights,
  { weights }: HeadState,
): HeadWeights {
  const rows = before.rows.slice();
  const offsets = before.offsets.slice();
  active.forEach((target, a) => {
    const change = weights.subarray(a * (size + 1), (a + 1) * (size + 1));
    offsets[target]! += change[size]!;
    for (let j = 0; j < size; j++) {
      rows[target * size + j]! += change[j]! * scale[j]!;
      offsets[target]! -= change[j]! * scale[j]! * mean[j]!;
    }
  });
  return { size, rows, offsets };
}

/** Adds rows of zeros for new classes. */
export function withNewClasses({ size, rows, offsets }: HeadWeights, count: number): HeadWeights {
  return {
    size,
    rows: join(rows, new Float64Array(count * size)),
    offsets: join(offsets, new Float64Array(count)),
  };
}

function join(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
