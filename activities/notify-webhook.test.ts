import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { EventDocument } from '../domain/job/event.js';
import type { PostedMessage } from '../domain/ports/post.js';
import type { MessageInput, NotifyInput } from '../domain/job/webhook.js';
import { notifyWebhook } from './notify-webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const INPUT: NotifyInput = {
  url: 'https://example.org/hook',
  message_id: 'run-ready',
  event_id: 'e1',
  video_id: null,
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
  /** Sent instead of the end of a job. */
  readonly message?: MessageInput;
}

async function notify({
  answer = 204,
  input,
  message: given,
  ...rest
}: Setting): Promise<PostedMessage[]> {
  const sent: PostedMessage[] = [];
  const deps = {
    documents: {
      findEvent: (id: string) =>
        Promise.resolve(id === 'e1' ? (EVENT as EventDocument) : undefined), // the fields that notifyWebhook reads
    },
    post: (_: string, message: PostedMessage) => {
      sent.push(message);
      return Promise.resolve(answer);
    },
    webhookSecret: 'secret' in rest ? rest.secret : SECRET,
  };
  const run = (all: NotifyInput | MessageInput) => notifyWebhook(deps, all);
  await new MockActivityEnvironment().run(run, given ?? { ...INPUT, ...input });
  return sent;
}

describe('notifyWebhook', () => {
  it('posts a message as it is, signed', async () => {
    const message = { type: 'stream.down', timestamp: '2026-01-02T03:04:05.000Z', data: { a: 1 } };
    const input = { url: INPUT.url, message_id: 'm1', message };
    const [sent] = await notify({ message: input });
    expect(JSON.parse(String(sent!.body))).toEqual(message);
    expect(sent!.headers).toMatchObject({ 'webhook-id': 'm1' });
    expect(sent!.headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('posts the job with its counts, signed, with the id of its message', async () => {
    const [message] = await notify({});
    expect(JSON.parse(String(message!.body))).toEqual({
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
      'a refused job with the event id of another job',
      { video_id: 'v2', status: 'failed', error: 'no' },
      { event_id: 'e1', video_id: 'v2', frames: null, result: null, error: 'no' },
    ],
    [
      'a job without an event',
      { event_id: null, workflow_id: 'nightly/1' },
      { event_id: 'nightly-1', video_id: null, frames: null },
    ],
  ])('discloses nothing of other jobs: %s', async (_, input, expected) => {
    const [message] = await notify({ input });
    expect(JSON.parse(String(message!.body))).toMatchObject({ data: expected });
  });

  it.each([
    [500, { code: 'WEBHOOK_FAILED', retryable: true }],
    [302, { code: 'WEBHOOK_FAILED', retryable: true }],
    [404, { code: 'WEBHOOK_FAILED', retryable: true }],
    [410, { type: 'WEBHOOK_FAILED', nonRetryable: true }],
  ])('fails if the receiver replies with status %i', async (answer, expected) => {
    await expect(notify({ answer })).rejects.toMatchObject(expected);
  });

  it('refuses to send unsigned webhooks', async () => {
    await expect(notify({ secret: undefined })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
