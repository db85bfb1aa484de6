import { describe, expect, it } from 'vitest';
import { webhookHeaders } from './webhook.js';

describe('the headers of a webhook', () => {
  // The example of the Standard Webhooks specification.
  it('are signed as its specification shows', () => {
    const headers = webhookHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each([
    ['id', { id: 'b' }],
    ['time', { timestamp: 6 }],
    ['body', { body: '{"a":2}' }],
  ])('are others for another %s', (_, change) => {
    const sign = (content: object) =>
      webhookHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
        ...{ id: 'a', timestamp: 5, body: '{"a":1}' },
        ...content,
      })['webhook-signature'];
    expect(sign(change)).not.toBe(sign({}));
  });
});
