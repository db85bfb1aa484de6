import { expect, it } from 'vitest';
import { parametersOf, parseJobInput } from '../job/job-input.js';
import { checkNarrowed } from './check-narrowed.js';

const parameters = (options: object) => parametersOf(parseJobInput({ video_id: 'v', ...options }));
const SOURCE = { conf: 0.3, iou: 0.5, max_det: 100, classes: ['Car', 'person'] };

it.each([
  {},
  { conf: 0.9, iou: 0.1, max_det: 1 },
  { classes: ['car'] },
  { frames: 'none' },
  { derived_from: 'e1' },
])('accepts %j', (narrower) => {
  expect(() =>
    checkNarrowed(parameters({ ...SOURCE, ...narrower }), parameters(SOURCE)),
  ).not.toThrow();
});

it.each([
  [{ conf: 0.29 }, 'conf: expected at least 0.3, that of the job, received 0.29'],
  [{ iou: 0.6 }, 'iou: expected at most 0.5'],
  [{ max_det: 101 }, 'max_det: expected at most 100'],
  [{ classes: ['dog', 'car'] }, 'classes: the job did not detect "dog"'],
  [{ classes: undefined }, 'classes: the job did not detect all classes'],
  [{ every: 1 }, 'every: expected that of the job, 5'],
  [{ preprocess: false }, 'preprocess: expected that of the job'],
  [{ from_ms: 1 }, 'from_ms: expected that of the job'],
])('refuses %j', (changed, message) => {
  const derived = parameters({ ...SOURCE, ...changed });
  expect(() => checkNarrowed(derived, parameters(SOURCE))).toThrow(message);
});

it('takes a value that is null in the document store as missing', () => {
  const stored = { ...parameters({}), from_ms: null, classes: null, track: null };
  expect(() => checkNarrowed(parameters({}), stored as never)).not.toThrow();
});
