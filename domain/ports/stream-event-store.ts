import type { StreamEventDocument } from '../stream/events/event-document.js';

/** Id of an event: those of different scenarios may be the same. */
export type EventRef = Pick<StreamEventDocument, 'scenario_uuid' | 'event_id'>;

/** Fields of an event that change. */
export type EventFields = Partial<Omit<StreamEventDocument, keyof EventRef>>;

/** Selects events of a scenario. */
export interface StreamEventQuery {
  readonly scenarioUuid: string;
  readonly limit: number;
  /** Only events that started at this time or later, in ms since 1970. */
  readonly from?: number | undefined;
  /** Only events that started before this time, in ms since 1970. */
  readonly to?: number | undefined;
  /** Only events of rules, or passages of zones and lines. */
  readonly kind?: 'rule' | 'zone' | undefined;
  /** Only events before this one. */
  readonly before?: string | undefined;
}

/** Events of cameras. */
export interface StreamEventStore {
  /** Inserts an event; does nothing if its id exists. */
  insert(event: StreamEventDocument): Promise<void>;
  /** Changes fields of an event; does nothing if it does not exist. */
  update(event: EventRef, fields: EventFields): Promise<void>;
  find(event: EventRef): Promise<StreamEventDocument | undefined>;
  /** Events of a query, newest first. */
  list(query: StreamEventQuery): Promise<StreamEventDocument[]>;
  /** Events of a scenario that are not done, oldest first. */
  listUndone(scenarioUuid: string): Promise<StreamEventDocument[]>;
  /** Deletes the events of a scenario that started before a time, in ms since 1970. */
  deleteBefore(scenarioUuid: string, time: number): Promise<void>;
}
