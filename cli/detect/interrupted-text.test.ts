import { expect, it } from 'vitest';
import { interruptedJobsText } from './interrupted-text.js';

it.each<[open: number, notSubmitted: number, owned: boolean, RegExp]>([
  [0, 2, false, /^Interrupted\. Videos that are not submitted: 2\. Run the same command/],
  [1, 0, false, /^Interrupted\. Still running: 1 job\. .*"vidette cancel ID"\.$/],
  [3, 2, false, /Still running: 3 jobs\..* not submitted: 2\./],
  [2, 0, true, /^Interrupted\. Paused: 2 jobs, to be resumed when the stack is started again/],
])('describes %i open jobs and %i other videos, own servers: %s', (open, left, owned, text) => {
  expect(interruptedJobsText(open, left, owned)).toMatch(text);
});
