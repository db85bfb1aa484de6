import { expect, it } from 'vitest';
import type { Bbox } from '../result/detection.js';
import { boxOf, createFilter, predict, update } from './box-filter.js';

const START: Bbox = [100, 100, 140, 200];

it('starts at the box, without a velocity', () => {
  const filter = createFilter(START);
  predict(filter, 3);
  expect(boxOf(filter)).toEqual(START);
});

it.each([1, 5, 15])('follows a box that moves, %i units of time between frames', (steps) => {
  const filter = createFilter(START);
  for (let i = 1; i <= 12; i++) {
    predict(filter, steps);
    const x = 100 + i * steps * 4;
    update(filter, [x, 100, x + 40, 200]);
  }
  predict(filter, steps);
  const [xMin, yMin, xMax, yMax] = boxOf(filter);
  const expected = 100 + 13 * steps * 4;
  expect(Math.abs(xMin - expected)).toBeLessThan(4);
  expect(Math.abs(xMax - expected - 40)).toBeLessThan(4);
  expect(yMin).toBeCloseTo(100);
  expect(yMax).toBeCloseTo(200);
});

it('predicts several units at once as one after another', () => {
  // The height does not change, so that both use the same noise.
  const moving = createFilter(START);
  predict(moving, 1);
  update(moving, [106, 100, 146, 200]);
  const atOnce = [...moving];
  predict(atOnce, 7);
  for (let i = 0; i < 7; i++) predict(moving, 1);
  for (const [i, value] of atOnce.entries()) expect(value).toBeCloseTo(moving[i]!, 6);
});

// Computed by NumPy with the matrices of 8 dimensions of ByteTrack's reference code.
const REFERENCE = [
  ...[126.44628099173553, 1.2396694214876034, 89.2824527440065, 36.54764979338842],
  ...[31.786662081227373, 154.29752066115702, 0.8264462809917356, 89.2824527440065],
  ...[36.54764979338842, 31.786662081227373, 0.39984621284272265, -7.689350174518125e-11],
  ...[0.0002960789235678547, 2.9803921374471367e-10, 2.999999990196079e-10, 102.14876033057851],
  ...[0.4132231404958678, 89.2824527440065, 36.54764979338842, 31.786662081227373],
];

it('agrees with the filter in matrix form', () => {
  const filter = createFilter(START);
  predict(filter, 1);
  update(filter, [106, 103, 146, 205]);
  predict(filter, 1);
  for (const [i, value] of REFERENCE.entries()) expect(filter[i]).toBeCloseTo(value, 6);
});
