import { expect, it } from 'vitest';
import { parseJobInput } from '../../domain/job/job-input.js';
import { describeJob } from './describe-job.js';

const VIDEO = { etag: 'e', size: 1000, metadata: {} };

it('names the video and the model in the memo', () => {
  const input = parseJobInput({ video_id: 'street-1', model: 'yolox_nano@2' });
  expect(describeJob(input, VIDEO).memo).toEqual({ video: 'street-1', model: 'yolox_nano@2' });
});
