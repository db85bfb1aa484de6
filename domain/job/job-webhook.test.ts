import { describe, expect, it } from 'vitest';
import { notifyInputOf, type JobEnd } from './job-webhook.js';

const WEBHOOK = { url: 'https://example.org/hook' };
const END: JobEnd = {
  ...{ workflowId: 'video-detection/e1', runId: 'run', status: 'failed', error: 'no' },
  endedAt: new Date('2026-01-02T03:04:05Z'),
};

describe('the webhook message at the end of a job', () => {
  it('contains the job and its video', () => {
    const request = { event_id: 'e1', video_id: 'v1', webhook: WEBHOOK };
    expect(notifyInputOf(request, END)).toEqual({
      ...{ url: WEBHOOK.url, message_id: 'run-failed', workflow_id: 'video-detection/e1' },
      ...{ event_id: 'e1', video_id: 'v1', status: 'failed', error: 'no' },
      ended_at: '2026-01-02T03:04:05.000Z',
    });
  });

  it('is not sent if the job has no webhook', () => {
    expect(notifyInputOf({ video_id: 'v1' }, END)).toBeUndefined();
    expect(notifyInputOf(undefined, END)).toBeUndefined();
  });

  it.each([7, {}, { $ne: null }, ['e1']])('takes no name from an unchecked input: %j', (name) => {
    const request = { event_id: name, video_id: name, webhook: WEBHOOK };
    expect(notifyInputOf(request, END)).toMatchObject({ event_id: null, video_id: null });
  });
});
