import { expect, it } from 'vitest';
import { formatJobs } from './jobs-text.js';

it.each([
  [true, /^No job matches\./],
  [false, /^No jobs found\. Start one/],
])('explains an empty list, filtered: %s', (isFiltered, text) => {
  expect(formatJobs([], isFiltered)).toMatch(text);
});
