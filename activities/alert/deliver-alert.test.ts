import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { alertDocument } from '../../test/support/alert-documents.js';
import { createMemoryAlerts } from '../../test/support/memory-alerts.js';
import type { AlertFacts } from '../../domain/alert/alert-contracts.js';
import type { AlertChannel } from '../../domain/alert/alert-rule.js';
import { toFacts } from '../../domain/alert/raise-alert.js';
import { AppError } from '../../domain/errors.js';
import { webhookHeaders } from '../../domain/job/webhook.js';
import type { Mail } from '../../domain/ports/mailer.js';
import type { PostedMessage } from '../../domain/ports/post.js';
import { deliverAlert, type DeliverAlertDeps } from './deliver-alert.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const WEBHOOK: AlertChannel = { kind: 'webhook', url: 'https://example.com/hook' };
const NTFY: AlertChannel = { kind: 'ntfy', topic: 'garage' };
const EMAIL: AlertChannel = { kind: 'email', to: 'ada@example.com' };
const SNAPSHOT = { bucket: 'results', key: 'alerts/street-1/person/1.jpg' };

interface Posted extends PostedMessage {
  readonly url: string;
}

let alerts: ReturnType<typeof createMemoryAlerts>;
let posted: Posted[];
let mails: Mail[];
/** Statuses or errors of the next posts; all others get a 204. */
let answers: (number | Error)[];
beforeEach(() => {
  alerts = createMemoryAlerts();
  [posted, mails, answers] = [[], [], []];
});

const post: DeliverAlertDeps['post'] = (url, message) => {
  posted.push({ url, ...message });
  const answer = answers.shift() ?? 204;
  return typeof answer === 'number' ? Promise.resolve(answer) : Promise.reject(answer);
};

async function deliver(
  channel: AlertChannel,
  facts: Partial<AlertFacts> = {},
  deps: Partial<DeliverAlertDeps> = {},
): Promise<unknown> {
  const document = await alerts.insert(alertDocument());
  const alert = { ...toFacts(document), ...facts };
  const all: DeliverAlertDeps = {
    documents: { alerts },
    objects: { find: () => Promise.resolve(JPEG) },
    ...{ post, webhookSecret: SECRET },
    ntfy: { url: 'https://ntfy.example', token: 'tk_1', post },
    mailer: (mail) => Promise.resolve(void mails.push(mail)),
    ...deps,
  };
  const run = () => deliverAlert(all, { alert, channel, index: 0 });
  return new MockActivityEnvironment().run(run).then(
    () => undefined,
    (error: unknown) => error,
  );
}
const delivery = async () => (await alerts.find('street-1.person.1'))?.deliveries[0];
const isFinal = { nonRetryable: true };

describe('the delivery of an alert', () => {
  it('posts a signed webhook', async () => {
    expect(await deliver(WEBHOOK, { link: 'https://vidette.example/#/job/street-1' })).toBe(
      undefined,
    );
    const [{ url, headers, body } = expect.fail('It was posted')] = posted;
    expect(url).toBe('https://example.com/hook');
    const timestamp = Number(headers['webhook-timestamp']);
    const content = { id: 'street-1.person.1', timestamp, body: String(body) };
    expect(headers).toMatchObject(webhookHeaders(SECRET, content));
    expect(JSON.parse(String(body))).toMatchObject({
      ...{ type: 'alert', timestamp: '2026-01-11T12:30:00.000Z' },
      data: { rule: 'person', classes: ['person'], at_ms: 2500, video_id: 'street' },
    });
    expect(await delivery()).toMatchObject({ state: 'sent', attempts: [{ state: 'sent' }] });
  });

  it('publishes to ntfy with the frame, and without it if the server refuses it', async () => {
    answers = [413];
    expect(await deliver(NTFY, { snapshot: SNAPSHOT })).toBeUndefined();
    const [first, second, ...more] = posted;
    expect(more).toEqual([]);
    expect(first).toMatchObject({ url: 'https://ntfy.example/garage', body: JPEG });
    expect(first!.headers).toMatchObject({
      ...{ title: 'Vidette: person', filename: 'frame.jpg', authorization: 'Bearer tk_1' },
    });
    const text = 'person (0.90), 1 object, at 0:02 of street.';
    const encoded = /^=\?UTF-8\?B\?(.*)\?=$/.exec(first!.headers['message']!)?.[1];
    expect(Buffer.from(encoded!, 'base64').toString()).toBe(text);
    expect(second).toMatchObject({ body: text });
    expect(second!.headers['filename']).toBeUndefined();
  });

  it('sends an e-mail with the frame', async () => {
    await deliver(EMAIL, { snapshot: SNAPSHOT, link: 'https://vidette.example/#/job/street-1' });
    expect(mails).toEqual([
      {
        ...{ to: 'ada@example.com', subject: 'Vidette: person', jpeg: JPEG },
        text: 'person (0.90), 1 object, at 0:02 of street.\nhttps://vidette.example/#/job/street-1\n',
        id: 'street-1.person.1.0',
      },
    ]);
  });

  it('is tried again after a refusal, but not after it was sent', async () => {
    answers = [503];
    expect(await deliver(WEBHOOK)).toMatchObject({ code: 'ALERT_FAILED', retryable: true });
    expect(await delivery()).toMatchObject({ state: 'failed' });
    expect(await deliver(WEBHOOK)).toBeUndefined();
    expect(await deliver(WEBHOOK)).toBeUndefined();
    expect(posted).toHaveLength(2);
    expect((await delivery())!.attempts.map(({ state }) => state)).toEqual(['failed', 'sent']);
  });

  it.each([
    ['was not reached', false, { retryable: true }],
    ['may have it', true, isFinal],
  ])('is tried again only if the receiver %s', async (_, sent, expected) => {
    answers = [new AppError('WEBHOOK_FAILED', 'No answer.', { sent })];
    expect(await deliver(WEBHOOK)).toMatchObject(expected);
    const { attempts } = (await delivery())!;
    expect(attempts[0]!.reason!.includes('not sent again')).toBe(sent);
  });

  it('is not sent again if an earlier attempt did not report its end', async () => {
    await alerts.insert(alertDocument());
    await alerts.beginDelivery('street-1.person.1', 0);
    expect(await deliver(WEBHOOK)).toMatchObject(isFinal);
    expect(posted).toEqual([]);
    const reason = expect.stringContaining('may have arrived') as string;
    expect(await delivery()).toMatchObject({ state: 'failed', attempts: [{ reason }] });
  });

  it('ends if the receiver is gone, a setting is missing, or the alert was deleted', async () => {
    answers = [410];
    expect(await deliver(WEBHOOK)).toMatchObject(isFinal);
    const unset = { webhookSecret: undefined, mailer: undefined };
    expect(await deliver(WEBHOOK, {}, unset)).toMatchObject({
      ...isFinal,
      message: expect.stringContaining('VIDETTE_WEBHOOK_SECRET') as string,
    });
    expect(await deliver(EMAIL, {}, unset)).toMatchObject({
      ...isFinal,
      message: expect.stringContaining('VIDETTE_SMTP_URL') as string,
    });
    expect(await deliver(WEBHOOK, { alert_id: 'street-1.person.99' })).toBeUndefined();
    expect(posted).toHaveLength(1);
  });
});
