import { describe, expect, it } from 'vitest';
import { toAlert } from '../../client/alerts/alert-view.js';
import { alertDocument } from '../../test/support/alert-documents.js';
import { describeAlert, describeDelivery, describeSuppression } from './alert-text.js';

describe('the text of an alert', () => {
  it('names what was seen, how often and where', () => {
    expect(describeAlert(toAlert(alertDocument()))).toBe('person · 90 %');
    const many = alertDocument({ objects: 3, zone: 'door', classes: ['dog', 'person'] });
    expect(describeAlert(toAlert(many))).toBe('dog, person · 3 at once · in door · 90 %');
    expect(describeAlert(toAlert(alertDocument({ test: true })))).toBe('Test of a channel');
  });

  it('gives the state of a delivery and the reason of a failure', () => {
    const [delivery] = toAlert(alertDocument()).deliveries;
    expect(describeDelivery(delivery!)).toBe('Webhook https://example.com: being sent');
    expect(describeDelivery({ ...delivery!, state: 'sent' })).toBe(
      'Webhook https://example.com: sent',
    );
    const attempts = [{ at: '2026-01-11T12:30:00.000Z', state: 'failed', reason: 'No.' }] as const;
    expect(describeDelivery({ ...delivery!, state: 'failed', attempts })).toBe(
      'Webhook https://example.com: failed. No.',
    );
  });

  it('gives the reason of a suppression', () => {
    expect(describeSuppression('hours')).toContain('hours');
    expect(describeSuppression('cool_down')).toContain('cool-down');
  });
});
