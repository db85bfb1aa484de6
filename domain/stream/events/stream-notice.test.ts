import { describe, expect, it } from 'vitest';
import { eventDocumentAt } from '../../../test/support/stream-events.js';
import { LOG_START, LOG_UUID } from '../../../test/support/log-entries.js';
import { streamWebhookIdOf } from '../../workflow-ids.js';
import { toRecordedEvent, toStreamEvent } from './event-document.js';
import { eventNotice, stateNotice } from './stream-notice.js';

const URL = 'https://example.com/hook';
const SENDER = { scenario_uuid: LOG_UUID, worker_id: 'worker-1' };

describe('a notice of a scenario', () => {
  it('has the event, and an id for its start and its end', () => {
    const event = toStreamEvent(toRecordedEvent(eventDocumentAt(5)));
    expect(Object.keys(event)).toHaveLength(11);
    const ended = { ...event, ended_at: '2026-01-11T12:31:00.000Z' };
    expect(eventNotice(URL, SENDER, event, 'started')).toEqual({
      ...{ url: URL, scenarioUuid: LOG_UUID, id: '20260111T123005000Z-0-started' },
      message: {
        type: 'stream.event.started',
        timestamp: '2026-01-11T12:30:05.000Z',
        data: { ...SENDER, event },
      },
    });
    expect(eventNotice(URL, { scenario_uuid: LOG_UUID }, ended, 'ended')).toMatchObject({
      id: '20260111T123005000Z-0-ended',
      message: { timestamp: ended.ended_at, data: { scenario_uuid: LOG_UUID, event: ended } },
    });
  });

  it('has the state, and an id for the problem and each URL', () => {
    const down = {
      kind: 'down',
      since: LOG_START,
      message: 'The camera does not answer.',
    } as const;
    const notice = stateNotice(URL, 1, SENDER, down, LOG_START + 30_500);
    expect(notice).toEqual({
      ...{ url: URL, scenarioUuid: LOG_UUID, id: '20260111T123000000Z-1-down' },
      message: {
        type: 'stream.down',
        timestamp: '2026-01-11T12:30:30.500Z',
        data: { ...SENDER, since: '2026-01-11T12:30:00.000Z', message: down.message },
      },
    });
    expect(streamWebhookIdOf(notice.scenarioUuid, notice.id)).toBe(
      `webhook/stream/${LOG_UUID}/20260111T123000000Z-1-down`,
    );
  });
});
