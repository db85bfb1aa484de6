import { describe, expect, it } from 'vitest';
import { createProblem, logitsOf } from './head-problem.js';
import {
  createHeadTrainer,
  type HeadState,
  trainedWeights,
  withNewClasses,
} from './head-trainer.js';

const SIZE = 3;
/** Two known classes and one that has no row yet. */
const before = withNewClasses(
  { size: SIZE, rows: Float64Array.of(1, 0, 0, 0, 1, 0), offsets: Float64Array.of(0, 0) },
  1,
);
/** Clusters around one point for each class, with small steps. */
const images = [0, 2, 2, 0, 2, 0, 0, 2].map((target, i) => ({
  target,
  features: [target === 0 ? 1 : 0, (i % 3) / 10, target === 2 ? 4 : 0],
}));
const data = {
  features: Float32Array.from(images.flatMap(({ features }) => features)),
  targets: images.map(({ target }) => target),
};
const problem = createProblem(data, before);
const trainer = createHeadTrainer(problem, { l2: 1e-4 });

function run(from: HeadState, steps: number): HeadState {
  let state = from;
  for (let i = 0; i < steps; i++) state = trainer.step(state);
  return state;
}

describe('the trainer of a last layer', () => {
  it('learns a new class and keeps the row of a class without images', () => {
    const { rows, offsets, size } = trainedWeights(problem, before, run(trainer.start(), 300));
    const weights = { rows, offsets, size };
    const best = (features: readonly number[]) => {
      const logits = logitsOf(Float32Array.from(features), weights);
      return logits.indexOf(Math.max(...logits));
    };
    expect(images.map(({ features }) => best(features))).toEqual(data.targets);
    expect([...rows.subarray(SIZE, 2 * SIZE)]).toEqual([0, 1, 0]);
    expect(offsets[1]).toBe(0);
  });

  it('falls in its loss with every run of steps', () => {
    const losses = [1, 10, 100, 300].map((steps) => run(trainer.start(), steps).loss!);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses.at(-1)).toBeLessThan(0.1);
  });

  it('has the same weights, bit for bit, after any interruption', () => {
    const whole = run(trainer.start(), 50);
    const resumed = run(structuredClone(run(trainer.start(), 17)), 33);
    expect(Buffer.from(resumed.weights.buffer)).toEqual(Buffer.from(whole.weights.buffer));
  });

  it('has a gradient that agrees with differences of the loss', () => {
    const state = run(trainer.start(), 5);
    const lossAt = (weights: Float64Array) =>
      createHeadTrainer(problem, { l2: 0 }).step({
        step: 0,
        loss: null,
        weights,
        previous: weights,
      }).loss!;
    const free = createHeadTrainer(problem, { l2: 0 });
    const still = { step: 0, loss: null, weights: state.weights, previous: state.weights };
    const moved = free.step(still).weights;
    const steps = moved.map((value, at) => state.weights[at]! - value);
    const slopes = steps.map((_, at) => {
      const shifted = (by: number) => state.weights.map((v, i) => (i === at ? v + by : v));
      return (lossAt(shifted(1e-5)) - lossAt(shifted(-1e-5))) / 2e-5;
    });
    const rate = steps[0]! / slopes[0]!;
    slopes.forEach((slope, at) => expect(steps[at]).toBeCloseTo(rate * slope, 6));
  });
});

it('rejects a data set without images for training, and values that are not finite', () => {
  expect(() => createProblem({ features: new Float32Array(), targets: [] }, before)).toThrow(
    'no images for training',
  );
  const broken = { features: Float32Array.of(1, NaN, 2), targets: [0] };
  expect(() => createProblem(broken, before)).toThrow('not finite');
});
