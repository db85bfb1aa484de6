import { describe, expect, it } from 'vitest';
import { toAlert } from '../client/alerts/alert-view.js';
import type { AlertDelivery } from '../domain/alert/alert-document.js';
import { alertDocument } from '../test/support/alert-documents.js';
import { formatAlert, formatAlerts } from './alerts-text.js';

const at = new Date('2026-01-11T12:31:00.000Z');
const failed: AlertDelivery = {
  channel: 'ntfy',
  to: 'gar…',
  state: 'failed',
  attempts: [{ at, state: 'failed', reason: 'The receiver of the alert replied with status 403.' }],
};

describe('the text of alerts', () => {
  it('lists what was sent, suppressed and tested', () => {
    const alerts = [
      alertDocument(),
      alertDocument({ suppressed: 'cool_down', deliveries: [] }),
      alertDocument({ test: true, event_id: null, deliveries: [failed] }),
    ].map(toAlert);
    const [head, ...rows] = formatAlerts({ alerts, next: 'abc' }).split('\n');
    expect(head).toMatch(/^SENT +RULE +SEEN +CONF +STATE +TO +JOB OR CAMERA/);
    expect(rows[0]).toMatch(
      /person +person +0.90 +sending +webhook https:\/\/example.com +street-1/,
    );
    expect(rows[1]).toContain('suppressed (cool-down)');
    expect(rows[2]).toMatch(/test +- +failed +ntfy gar…/);
    expect(rows[3]).toBe('More: --cursor abc');
  });

  it('says how to get alerts if there are none', () => {
    expect(formatAlerts({ alerts: [], next: null })).toContain('vidette detect --alerts');
  });

  it('gives the reason of a failed test', () => {
    expect(formatAlert(toAlert(alertDocument({ deliveries: [failed] })))).toBe(
      'ntfy gar…: failed. The receiver of the alert replied with status 403.',
    );
  });
});
