import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { LogEntry } from '../../domain/stream/entry.js';
import {
  type StreamEventDocument,
  toRecordedEvent,
  toStreamEvent,
} from '../../domain/stream/events/event-document.js';
import type { StreamEvent } from '../../domain/stream/events/stream-event.js';

/** What an earlier process made of a scenario. */
export interface EventPast {
  /** Events that are not done, oldest first. */
  readonly undone: readonly StreamEventDocument[];
  /** Newest events, oldest first: at least the open ones. */
  readonly known: readonly StreamEvent[];
  /** Entries at the end of the log, of which that process may not have seen the last ones. */
  readonly entries: readonly LogEntry[];
}

export interface PastReader {
  readonly events: Pick<StreamEventStore, 'list' | 'listUndone'>;
  /**
   * Reads the end of the log as it was when this process began; undefined if all events before were
   * ended on purpose.
   */
  readonly recall?: (() => Promise<readonly LogEntry[]>) | undefined;
}

/** Number of events of rules of the past: more than there are rules. */
const KNOWN = 100;

export async function readPast(
  { events, recall }: PastReader,
  scenarioUuid: string,
): Promise<EventPast> {
  const undone = await events.listUndone(scenarioUuid);
  const newest = recall ? await events.list({ scenarioUuid, limit: KNOWN, kind: 'rule' }) : [];
  const documents = new Map([...undone, ...newest].map((each) => [each.event_id, each]));
  const known = [...documents.values()].map((each) => toStreamEvent(toRecordedEvent(each)));
  return {
    undone,
    known: known.toSorted((a, b) => (a.event_id < b.event_id ? -1 : 1)),
    entries: (await recall?.()) ?? [],
  };
}
