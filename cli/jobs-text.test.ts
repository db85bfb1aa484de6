import { expect, it } from 'vitest';
import { jobOfEvent } from '../client/jobs/job-views.js';
import { eventDocument } from '../test/support/events.js';
import { formatJobs } from './jobs-text.js';

const started = { event_id: 'cars-1', video_id: 'cars', video_name: 'My cars.mp4' };

it.each([
  [true, /^No job matches\./],
  [false, /^No jobs found\. Start one/],
])('explains an empty list, filtered: %s', (isFiltered, text) => {
  expect(formatJobs([], isFiltered)).toMatch(text);
});

it.each([
  [{}, /^My cars\.mp4 +processing +mock@1 .* h \d+ min +- +cars-1$/m],
  [{ video_name: null }, /^cars +processing/m],
  [
    { status: 'ready', frames_done: 9, skipped: 0, objects: 1, closed_at: new Date(2000) } as const,
    /^My cars\.mp4 +ready .* 2\.0 s +1 object in 9 frames +cars-1$/m,
  ],
  [
    { status: 'failed', error: 'This file cannot be decoded as a video. Check it.' } as const,
    / failed .* {2}This file cannot be decoded as a video\.… +cars-1$/m,
  ],
])('has a row for a job with %j', (changes, row) => {
  expect(formatJobs([jobOfEvent(eventDocument({ ...started, ...changes }))], false)).toMatch(row);
});
