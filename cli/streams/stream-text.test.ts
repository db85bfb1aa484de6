import { describe, expect, it } from 'vitest';
import { scenarioDocument } from '../../test/support/scenarios.js';
import { viewStream } from '../../client/streams/stream-view.js';
import { eventDocumentAt } from '../../test/support/stream-events.js';
import {
  formatAccount,
  formatEvents,
  formatPassages,
  formatStream,
  formatStreams,
} from './stream-text.js';

const document = scenarioDocument({ created_at: new Date(Date.UTC(2026, 0, 11)) });
const stream = viewStream({ scenario_uuid: document.scenario_uuid, document, run: undefined });

describe('formatStreams', () => {
  it('lists scenarios with their state', () => {
    const [head, row] = formatStreams([
      { ...stream, state: 'live', fps: 2, frame_number: 7 },
    ]).split('\n');
    expect(head).toMatch(/^SCENARIO +STATE +CAMERA +FPS +ROWS +SINCE$/);
    expect(row).toMatch(/^5f0c2d5e\S+ +live +rtsp:\/\/10\.0\.0\.7 +2\.0 +7 /);
  });

  it('shows what to do without scenarios', () => {
    expect(formatStreams([])).toContain('vidette streams try');
  });
});

it('formats a scenario with its message and camera', () => {
  const text = formatStream({ ...stream, message: 'The camera does not answer.' });
  expect(text).toMatch(/message +The camera does not answer\./);
  expect(text).toMatch(/camera id +gate-north/);
  expect(text).not.toMatch(/lag/);
});

it('formats an account with shares and problems', () => {
  const account = {
    ...{ scenario_uuid: document.scenario_uuid, frames: 90, seen_s: 45, gaps: { paused: 15 } },
    ...{ from: '2026-01-11T12:30:00.000Z', to: '2026-01-11T12:31:00.000Z' },
  };
  const text = formatAccount({ ...account, problems: ['row 3 starts at 12, not 11'] });
  expect(text).toMatch(/1 min 0 s, 90 rows/);
  expect(text).toMatch(/seen +45\.0 s +75\.00 %\n +paused +15\.0 s +25\.00 %/);
  expect(text).toContain('problem: row 3 starts at 12, not 11');
});

it('lists events of rules and passages of zones', () => {
  const zone = { name: 'room', kind: 'left', track_id: 7, dwell_ms: 5200 } as const;
  const events = [eventDocumentAt(0), eventDocumentAt(9, { rule: null, zone })];
  const [head, rule, passage] = formatEvents({ events }).split('\n');
  expect(head).toMatch(/^EVENT .* CLIP +ZONE$/);
  expect(rule).toMatch(/ - +-$/);
  expect(passage).toMatch(/ track 7 left room after 5\.2 s$/);
  expect(formatEvents({ events: [] })).toMatch(/zones/);
});

it('lists the passages of minutes', () => {
  const span = { from: '2026-01-11T12:00:00.000Z', to: '2026-01-11T13:00:00.000Z' };
  const counts = { scenario_uuid: document.scenario_uuid, ...span };
  const minute = { minute: '2026-01-11T12:30:00.000Z', zone: 'door', class: 'person' };
  const passed = { ...minute, entered: 0, left: 0, in: 3, out: 1 };
  const [head, row] = formatPassages({ ...counts, minutes: [passed] }).split('\n');
  expect(head).toMatch(/^MINUTE +ZONE +CLASS +ENTERED +LEFT +IN +OUT$/);
  expect(row).toMatch(/ door +person +0 +0 +3 +1$/);
  expect(formatPassages({ ...counts, minutes: [] })).toBe('No object passed a zone or line.');
});
