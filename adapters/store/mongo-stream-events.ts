import type { Collection } from 'mongodb';
import { STREAM_EVENTS } from '../../domain/collections.js';
import { expectId, expectScenarioUuid } from '../../domain/names.js';
import type {
  EventRef,
  StreamEventQuery,
  StreamEventStore,
} from '../../domain/ports/stream-event-store.js';
import { eventIdAt } from '../../domain/stream/event-keys.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredStreamEvent = StreamEventDocument & { readonly _id: string };

/** Events of cameras in MongoDB. */
export function createStreamEvents(
  events: Collection<StoredStreamEvent>,
  run: RunQuery,
): StreamEventStore {
  const runQuery = <T>(query: () => Promise<T>) => run(STREAM_EVENTS, query);
  return {
    insert: async (event) => {
      await runQuery(() => insertOnce(events, { _id: keyOf(event), ...event }));
    },
    update: async (event, fields) => {
      await runQuery(() => events.updateOne({ _id: keyOf(event) }, { $set: fields }));
    },
    find: async (event) => {
      const found = await runQuery(() => events.findOne({ _id: keyOf(event) }));
      return found ? withoutId(found) : undefined;
    },
    list: async (query) => {
      const options = { limit: query.limit, sort: { event_id: -1 } } as const;
      return (await runQuery(() => events.find(filterOf(query), options).toArray())).map(withoutId);
    },
    listUndone: async (scenarioUuid) => {
      const filter = { scenario_uuid: expectScenarioUuid(scenarioUuid), done: false };
      const find = () => events.find(filter, { sort: { event_id: 1 } }).toArray();
      return (await runQuery(find)).map(withoutId);
    },
    deleteBefore: async (scenarioUuid, time) => {
      await runQuery(() => events.deleteMany(filterOf({ scenarioUuid, to: time })));
    },
  };
}

function keyOf({ scenario_uuid, event_id }: EventRef): string {
  return `${expectScenarioUuid(scenario_uuid)}/${expectId('an event_id', event_id)}`;
}

/** Ids of events are in the order of time. */
function filterOf({ scenarioUuid, kind, from, to, before }: Omit<StreamEventQuery, 'limit'>) {
  const ends = [
    ...(to === undefined ? [] : [eventIdAt(to, 0)]),
    ...(before === undefined ? [] : [expectId('an event_id', before)]),
  ].sort();
  const range = {
    ...(from !== undefined && { $gte: eventIdAt(from, 0) }),
    ...(ends[0] !== undefined && { $lt: ends[0] }),
  };
  const scenario = {
    scenario_uuid: expectScenarioUuid(scenarioUuid),
    ...(kind && { rule: kind === 'zone' ? null : { $ne: null } }),
  };
  return Object.keys(range).length > 0 ? { ...scenario, event_id: range } : scenario;
}

function withoutId({ _id, ...event }: StoredStreamEvent): StreamEventDocument {
  return event;
}
