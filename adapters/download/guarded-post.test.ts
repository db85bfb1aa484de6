import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, type TestReceiver } from '../../test/support/webhook-receiver.js';
import { createGuardedPost } from './guarded-post.js';

const receivers: TestReceiver[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});

async function receiverOf(...options: Parameters<typeof startReceiver>): Promise<TestReceiver> {
  const receiver = await startReceiver(...options);
  receivers.push(receiver);
  return receiver;
}

function post(url: string, allowPrivateAddresses: boolean, signal = AbortSignal.timeout(10_000)) {
  const headers = { 'content-type': 'application/json' };
  return createGuardedPost({ allowPrivateAddresses })(url, { body: '{"a":"ü"}', headers, signal });
}

describe('a guarded post', () => {
  it('sends the body, and resolves with the status of the answer', async () => {
    const receiver = await receiverOf({ answers: [418] });
    expect(await post(receiver.url, true)).toBe(418);
    expect(receiver.messages).toMatchObject([
      {
        body: '{"a":"ü"}',
        headers: { 'content-type': 'application/json', 'content-length': '10' },
      },
    ]);
  });

  it('follows no redirect', async () => {
    const elsewhere = await receiverOf();
    const receiver = await receiverOf({ answers: [{ redirect: elsewhere.url }] });
    expect(await post(receiver.url, true)).toBe(302);
    expect(elsewhere.messages).toEqual([]);
  });

  it('does not contact a private address unless allowed, and does not repeat its token', async () => {
    const receiver = await receiverOf();
    const failure = post(`${receiver.url}?token=secret`, false);
    await expect(failure).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    await expect(failure).rejects.not.toThrow('secret');
    expect(receiver.messages).toEqual([]);
  });

  it('does not repeat the path of a webhook, which may be its secret', async () => {
    const receiver = await receiverOf();
    const closed = new URL('/services/secret', receiver.url).href;
    await receivers.pop()!.close();
    const failure = post(closed, true);
    await expect(failure).rejects.toMatchObject({ code: 'WEBHOOK_FAILED' });
    await expect(failure).rejects.toThrow(new URL(closed).origin);
    await expect(failure).rejects.not.toThrow('secret');
    await expect(post(closed, false)).rejects.not.toThrow('secret');
  });

  it('refuses an address with a password', async () => {
    const failure = post('http://user:secret@example.org/', true);
    await expect(failure).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });

  it('stops waiting for a receiver on abort', async () => {
    const receiver = await receiverOf({ answers: ['none'] });
    const giveUp = new AbortController();
    const failure = post(receiver.url, true, giveUp.signal);
    const failed = expect(failure).rejects.toMatchObject({ code: 'WEBHOOK_FAILED' });
    await receiver.received(1);
    giveUp.abort();
    await failed;
  });
});
