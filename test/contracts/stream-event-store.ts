import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { LOG_START } from '../support/log-entries.js';
import { eventDocumentAt } from '../support/stream-events.js';

/** Suite for every implementation of {@link StreamEventStore}. */
export function streamEventStoreContract(
  name: string,
  create: () => StreamEventStore | Promise<StreamEventStore>,
): void {
  describe(`${name} as a store of camera events`, () => {
    let store: StreamEventStore;
    let uuid: string;
    const eventAt = (second: number, fields: Partial<StreamEventDocument> = {}) =>
      eventDocumentAt(second, { scenario_uuid: uuid, ...fields });
    beforeEach(async () => {
      store ??= await create();
      uuid = randomUUID();
    });

    it('inserts an event once, and finds it', async () => {
      const event = eventAt(0);
      expect(await store.find(event)).toBeUndefined();
      await store.insert(event);
      await store.insert({ ...event, last_frame: 99 });
      expect(await store.find(event)).toEqual(event);
      expect(await store.find({ ...event, scenario_uuid: randomUUID() })).toBeUndefined();
    });

    it('changes fields of an event', async () => {
      const event = eventAt(0);
      await store.update(event, { snapshot: true });
      expect(await store.find(event)).toBeUndefined();
      await store.insert(event);
      const stored = { state: 'stored', from: 'a', to: 'b', bytes: 7 } as const;
      await store.update(event, { clip: stored, ended_at: event.last_seen_at });
      const changed = { ...event, clip: stored, ended_at: event.last_seen_at };
      expect(await store.find(event)).toEqual(changed);
    });

    it('lists the events of a scenario, newest first, in a span of time', async () => {
      const events = [0, 10, 20, 30].map((second) => eventAt(second));
      for (const event of [events[2]!, events[0]!, events[3]!, events[1]!])
        await store.insert(event);
      await store.insert(eventAt(15, { scenario_uuid: randomUUID() }));
      const list = async (query: object, limit = 10) => {
        const found = await store.list({ scenarioUuid: uuid, limit, ...query });
        return found.map(({ started_at }) => (Date.parse(started_at) - LOG_START) / 1000);
      };
      expect(await list({})).toEqual([30, 20, 10, 0]);
      expect(await list({}, 2)).toEqual([30, 20]);
      expect(await list({ before: events[2]!.event_id })).toEqual([10, 0]);
      expect(await list({ from: LOG_START + 10_000 })).toEqual([30, 20, 10]);
      expect(await list({ from: LOG_START + 10_001, to: LOG_START + 30_000 })).toEqual([20]);
      expect(await list({ to: LOG_START + 30_000, before: events[1]!.event_id })).toEqual([0]);
    });

    it('lists the events of rules, or the passages of zones', async () => {
      const zone = { name: 'door', kind: 'entered', track_id: 1 } as const;
      const passage = eventAt(10, { rule: null, zone });
      for (const event of [eventAt(0), passage, eventAt(20)]) await store.insert(event);
      const list = (kind: 'rule' | 'zone') => store.list({ scenarioUuid: uuid, limit: 10, kind });
      expect(await list('zone')).toEqual([passage]);
      expect(await list('rule')).toEqual([eventAt(20), eventAt(0)]);
    });

    it('lists the events that are not done, oldest first', async () => {
      await store.insert(eventAt(20));
      await store.insert(eventAt(0));
      await store.insert(eventAt(10, { done: true }));
      const undone = await store.listUndone(uuid);
      expect(undone).toEqual([eventAt(0), eventAt(20)]);
      expect(await store.listUndone(randomUUID())).toEqual([]);
    });

    it('deletes the events of a scenario before a time', async () => {
      const other = eventAt(0, { scenario_uuid: randomUUID() });
      for (const event of [eventAt(0), eventAt(10), other]) await store.insert(event);
      await store.deleteBefore(uuid, LOG_START + 10_000);
      expect(await store.list({ scenarioUuid: uuid, limit: 10 })).toEqual([eventAt(10)]);
      expect(await store.find(other)).toEqual(other);
    });
  });
}
