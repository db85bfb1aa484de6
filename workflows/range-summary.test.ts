import { expect, it } from 'vitest';
import { rangeSummary } from './range-summary.js';

const plan = { bounds: [0, 200, 400, 596] };

it('names the frames of a range, both included, and the device', () => {
  expect(rangeSummary(plan, 0)).toBe('range 0: frames 0 to 199');
  expect(rangeSummary(plan, 2, 'cpu')).toBe('range 2: frames 400 to 595, cpu');
});

it('names the range only if its frames are unknown', () => {
  expect(rangeSummary({}, 7, 'gpu')).toBe('range 7, gpu');
  expect(rangeSummary(plan, 3)).toBe('range 3');
});
