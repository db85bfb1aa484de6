import type { EventRef, StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';

/** Events of cameras in memory; passes the contract of `test/contracts/stream-event-store.ts`. */
export function createMemoryStreamEvents(): StreamEventStore {
  const events = new Map<string, StreamEventDocument>();
  const keyOf = ({ scenario_uuid, event_id }: EventRef) => `${scenario_uuid}/${event_id}`;
  const ofScenario = (uuid: string) =>
    [...events.values()]
      .filter(({ scenario_uuid }) => scenario_uuid === uuid)
      .sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
  const startOf = ({ started_at }: StreamEventDocument) => Date.parse(started_at);
  return {
    insert: async (event) => {
      await Promise.resolve();
      if (!events.has(keyOf(event))) events.set(keyOf(event), event);
    },
    update: async (ref, fields) => {
      await Promise.resolve();
      const event = events.get(keyOf(ref));
      if (event) events.set(keyOf(ref), { ...event, ...fields });
    },
    find: (ref) => Promise.resolve(events.get(keyOf(ref))),
    list: ({ scenarioUuid, limit, kind, from = -Infinity, to = Infinity, before }) => {
      const found = ofScenario(scenarioUuid)
        .filter((event) => startOf(event) >= from && startOf(event) < to)
        .filter(({ rule }) => kind === undefined || (rule === null) === (kind === 'zone'))
        .filter(({ event_id }) => before === undefined || event_id < before);
      return Promise.resolve(found.reverse().slice(0, limit));
    },
    listUndone: (uuid) => Promise.resolve(ofScenario(uuid).filter(({ done }) => !done)),
    deleteBefore: async (uuid, time) => {
      await Promise.resolve();
      for (const event of ofScenario(uuid)) if (startOf(event) < time) events.delete(keyOf(event));
    },
  };
}
