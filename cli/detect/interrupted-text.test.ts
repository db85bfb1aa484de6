import { expect, it } from 'vitest';
import { interruptedBatchText, interruptedIngestText } from './interrupted-text.js';

it.each<[owned: boolean, RegExp]>([
  [
    false,
    /^Interrupted\. Batch b1 continues\. .*"vidette batch b1".*"vidette batch b1 --cancel"\.$/,
  ],
  [true, /^Interrupted\. Batch b1 is paused; it resumes when the stack is started again/],
])('describes a batch, own servers: %s', (owned, text) => {
  expect(interruptedBatchText('b1', owned)).toMatch(text);
});

it('describes videos that are stored and not started', () => {
  expect(interruptedIngestText(2, 5)).toMatch(/2 of 5 videos are stored, and no job was started/);
});
