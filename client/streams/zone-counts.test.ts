import { beforeEach, describe, expect, it } from 'vitest';
import type { ZonePassage } from '../../domain/stream/events/stream-event.js';
import { LOG_START, LOG_UUID } from '../../test/support/log-entries.js';
import { createMemoryStreamEvents } from '../../test/support/memory-stream-events.js';
import { eventDocumentAt } from '../../test/support/stream-events.js';
import { countPassages } from './zone-counts.js';

const streamEvents = createMemoryStreamEvents();
const deps = { documents: { streamEvents } };
const at = (second: number) => new Date(LOG_START + second * 1000);

let number = 0;
const add = (second: number, passage: Omit<ZonePassage, 'track_id'>) => {
  const zone = { ...passage, track_id: ++number };
  const event_id = `${eventDocumentAt(second).event_id.slice(0, -1)}z${number}`;
  return streamEvents.insert(eventDocumentAt(second, { event_id, rule: null, zone }));
};
beforeEach(() => streamEvents.deleteBefore(LOG_UUID, Infinity));

describe('the passages of a camera', () => {
  it('are counted by minute, without events of rules and tracks that begin or end in a zone', async () => {
    await add(10, { name: 'door', kind: 'crossed', direction: 'in' });
    await add(50, { name: 'door', kind: 'crossed', direction: 'in' });
    await add(70, { name: 'door', kind: 'crossed', direction: 'out' });
    await add(70, { name: 'yard', kind: 'entered', appeared: true });
    await add(80, { name: 'yard', kind: 'left', dwell_ms: 10_000 });
    await add(90, { name: 'yard', kind: 'left', dwell_ms: 10_000, vanished: true });
    await streamEvents.insert(eventDocumentAt(20));
    await add(130, { name: 'yard', kind: 'entered' });
    const range = { from: at(0), to: at(120) };
    const none = { class: 'person', entered: 0, left: 0, in: 0, out: 0 };
    expect(await countPassages(deps, LOG_UUID, range)).toEqual({
      scenario_uuid: LOG_UUID,
      ...{ from: '2026-01-11T12:30:00.000Z', to: '2026-01-11T12:32:00.000Z' },
      minutes: [
        { ...none, minute: '2026-01-11T12:30:00.000Z', zone: 'door', in: 2 },
        { ...none, minute: '2026-01-11T12:31:00.000Z', zone: 'door', out: 1 },
        { ...none, minute: '2026-01-11T12:31:00.000Z', zone: 'yard', left: 1 },
      ],
    });
  });

  it('are all counted, however many there are', async () => {
    const count = 2100;
    for (let n = 0; n < count; n++) await add(n, { name: 'yard', kind: 'entered' });
    const { minutes } = await countPassages(deps, LOG_UUID, { to: at(count) });
    expect(minutes.reduce((sum, { entered }) => sum + entered, 0)).toBe(count);
  });

  it.each([
    ['more than seven days', { from: at(0), to: at(8 * 86_400) }],
    ['an end before the start', { from: at(10), to: at(0) }],
  ])('are not counted over %s', async (_, range) => {
    await expect(countPassages(deps, LOG_UUID, range)).rejects.toThrow(
      /span of at most 7 days .* received 2026-01-11T12:30/,
    );
  });
});
