import { afterEach, describe, expect, it } from 'vitest';
import type { CameraZoneCounts, EventPage, VidetteClient } from '../../client/index.js';
import { toRecordedEvent } from '../../domain/stream/events/event-document.js';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { eventDocumentAt } from '../../test/support/stream-events.js';
import { STREAMS } from './paths.js';

const STREAM = `${STREAMS}/${LOG_UUID}`;
const PASSAGE_ID = '20260111T123005000Z-z1f0c9a2b7d3e';
const passage = eventDocumentAt(5, {
  ...{ event_id: PASSAGE_ID, rule: null },
  zone: { name: 'room', kind: 'left', track_id: 7, dwell_ms: 5200, vanished: true },
});
const PAGE: EventPage = {
  events: [passage, eventDocumentAt(0)].map(toRecordedEvent),
  next: PASSAGE_ID,
};
const COUNTS: CameraZoneCounts = {
  ...{ scenario_uuid: LOG_UUID, from: '2026-01-11T12:00:00.000Z', to: '2026-01-11T13:00:00.000Z' },
  minutes: [
    {
      ...{ minute: '2026-01-11T12:30:00.000Z', zone: 'door', class: 'person' },
      ...{ entered: 0, left: 0, in: 2, out: 1 },
    },
  ],
};

let api: ListeningApi;
let calls: unknown[];
afterEach(() => api.server.close());

async function start(): Promise<void> {
  calls = [];
  const answer =
    <T>(value: T) =>
    (...request: unknown[]) => {
      calls.push(request);
      return Promise.resolve(value);
    };
  const streams = { events: answer(PAGE), zones: answer(COUNTS) };
  api = await listen({}, [], undefined, undefined, {
    client: { streams } as unknown as VidetteClient,
  });
}

describe('the events of a scenario', () => {
  it('are those of rules and passages of zones', async () => {
    await start();
    const { status, body } = await api.ask(`${STREAM}/events?kind=zone&cursor=${PASSAGE_ID}`);
    expect([status, JSON.parse(body)]).toEqual([200, PAGE]);
    expect(calls).toEqual([[LOG_UUID, { kind: 'zone', limit: 50, cursor: PASSAGE_ID }]]);
  });

  it.each(['kind=line', 'cursor=20260111T123005000Z-zone'])('reject %s', async (query) => {
    await start();
    expect((await api.ask(`${STREAM}/events?${query}`)).status).toBe(400);
  });
});

it('counts the passages of zones by minute', async () => {
  await start();
  const { status, body } = await api.ask(`${STREAM}/zones?from=2026-01-11T12:00:00Z`);
  expect([status, JSON.parse(body)]).toEqual([200, COUNTS]);
  expect(calls).toEqual([[LOG_UUID, { from: new Date('2026-01-11T12:00:00Z') }]]);
});
