import type { AlertDocument } from '../../domain/alert/alert-document.js';

/** An alert of a job that is due to one webhook. */
export function alertDocument(fields: Partial<AlertDocument> = {}): AlertDocument {
  return {
    ...{ alert_id: 'street-1.person.1', event_id: 'street-1', video_id: 'street' },
    ...{ scenario_uuid: null, test: false, rule: 'person', zone: null },
    created_at: new Date('2026-01-11T12:30:00.000Z'),
    ...{ frame: 25, started_ms: 1000, at_ms: 2500, classes: ['person'], confidence: 0.9 },
    ...{ objects: 1, suppressed: null, snapshot: null, link: null },
    deliveries: [{ channel: 'webhook', to: 'https://example.com', state: 'due', attempts: [] }],
    ...fields,
  };
}
