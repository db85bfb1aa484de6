import { isoTime } from '../entry.js';
import { eventIdAt } from '../event-keys.js';
import type { ScenarioInput } from '../scenario-input.js';
import type { EventNotice } from './event-document.js';
import type { StateNotice } from './state-notices.js';
import type { StreamEvent } from './stream-event.js';

/** Message about a scenario for a webhook. */
export interface StreamNotice {
  readonly url: string;
  readonly scenarioUuid: string;
  /** Id within the scenario: a notice with the same id is sent once. */
  readonly id: string;
  readonly message: StreamMessage;
}

/** Body of a webhook about a scenario. */
export interface StreamMessage {
  readonly type: `stream.event.${EventNotice}` | `stream.${StateNotice['kind']}`;
  /** ISO 8601 with milliseconds. */
  readonly timestamp: string;
  readonly data: {
    readonly scenario_uuid: string;
    readonly worker_id?: ScenarioInput['worker_id'];
    readonly event?: StreamEvent;
    /** Timestamp of the last row before the change of state. */
    readonly since?: string;
    readonly message?: string;
  };
}

/** Scenario that a notice is about. */
export type NoticeSender = Pick<ScenarioInput, 'scenario_uuid' | 'worker_id'>;

/** Notice of the start or the end of an event for the URL of its rule. */
export function eventNotice(
  url: string,
  sender: NoticeSender,
  event: StreamEvent,
  notice: EventNotice,
): StreamNotice {
  const { event_id, started_at, ended_at } = event;
  return {
    ...{ url, scenarioUuid: sender.scenario_uuid, id: `${event_id}-${notice}` },
    message: {
      type: `stream.event.${notice}`,
      timestamp: ended_at ?? started_at,
      data: { ...dataOf(sender), event },
    },
  };
}

/** Notice of a change of state for a URL, whose rank makes the id unique among its URLs. */
export function stateNotice(
  url: string,
  rank: number,
  sender: NoticeSender,
  { kind, since, message }: StateNotice,
  now: number,
): StreamNotice {
  return {
    ...{ url, scenarioUuid: sender.scenario_uuid, id: `${eventIdAt(since, rank)}-${kind}` },
    message: {
      type: `stream.${kind}`,
      timestamp: isoTime(now),
      data: { ...dataOf(sender), since: isoTime(since), message },
    },
  };
}

function dataOf({ scenario_uuid, worker_id }: NoticeSender): StreamMessage['data'] {
  return { scenario_uuid, ...(worker_id !== undefined && { worker_id }) };
}
