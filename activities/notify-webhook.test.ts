import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { EventDocument } from '../domain/job/event.js';
import type { PostedMessage } from '../domain/ports/post.js';
import type { NotifyInput } from '../domain/job/webhook.js';
import { notifyWebhook } from './notify-webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const INPUT: NotifyInput = {
  url: 'https://example.org/hook',
  message_id: 'run-ready',
  event_id: 'e1',
  workflow_id: 'video-detection/e1',
  status: 'ready',
  error: null,
  ended_at: '2026-01-02T03:04:05.000Z',
};
const EVENT: Partial<EventDocument> = {
  ...{ event_id: 'e1', video_id: 'v1', status: 'ready' },
  ...{ frames_done: 8, skipped: 1, objects: 5, result: { bucket: 'results', key: 'k' } },
};

interface Setting {
  readonly answer?: number;
  readonly secret?: string | undefined;
  readonly input?: Partial<NotifyInput>;
}

async function notify({ answer = 204, input, ...rest }: Setting): Promise<PostedMessage[]> {
  const sent: PostedMessage[] = [];
  const deps = {
    documents: {
      findEvent: (id: string) =>
        Promise.resolve(id === 'e1' ? (EVENT as EventDocument) : undefined), // what is read of it
    },
    post: (_: string, message: PostedMessage) => {
      sent.push(message);
      return Promise.resolve(answer);
    },
    webhookSecret: 'secret' in rest ? rest.secret : SECRET,
  };
  const run = (all: NotifyInput) => notifyWebhook(deps, all);
  await new MockActivityEnvironment().run(run, { ...INPUT, ...input });
  return sent;
}

describe('a webhook', () => {
  it('tells the job with its counts, signed, under the id of its message', async () => {
    const [message] = await notify({});
    expect(JSON.parse(message!.body)).toEqual({
      type: 'job.ready',
      timestamp: INPUT.ended_at,
      data: {
        ...{ event_id: 'e1', video_id: 'v1', status: 'ready', error: null },
        ...{ frames: 8, skipped: 1, objects: 5, result: { bucket: 'results', key: 'k' } },
      },
    });
    expect(message!.headers).toMatchObject({
      'webhook-id': 'run-ready',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/) as string,
    });
  });

  it.each<[string, Partial<NotifyInput>, object]>([
    [
      'of a job that was refused, under the id of another one',
      { video_id: 'v2', status: 'failed', error: 'no' },
      { event_id: 'e1', video_id: 'v2', frames: null, result: null, error: 'no' },
    ],
    [
      'of a job without an event',
      { event_id: null, workflow_id: 'nightly/1' },
      { event_id: 'nightly-1', video_id: null, frames: null },
    ],
  ])('tells nothing of other jobs: %s', async (_, input, expected) => {
    const [message] = await notify({ input });
    expect(JSON.parse(message!.body)).toMatchObject({ data: expected });
  });

  it.each([
    [500, { code: 'WEBHOOK_FAILED', retryable: true }],
    [302, { code: 'WEBHOOK_FAILED', retryable: true }],
    [404, { code: 'WEBHOOK_FAILED', retryable: true }],
    [410, { type: 'WEBHOOK_FAILED', nonRetryable: true }],
  ])('that is answered %i is not taken', async (answer, expected) => {
    await expect(notify({ answer })).rejects.toMatchObject(expected);
  });

  it('is not sent unsigned', async () => {
    await expect(notify({ secret: undefined })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
