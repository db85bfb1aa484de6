import { expectScenarioUuid } from '../../domain/names.js';
import { type RecordedEvent, toRecordedEvent } from '../../domain/stream/events/event-document.js';
import type { VidetteClientDeps } from '../deps.js';
import type { TimeRange } from './types.js';

export interface EventPageOptions extends TimeRange {
  /** Only events of rules, or passages of zones and lines. Default: both. */
  readonly kind?: 'rule' | 'zone' | undefined;
  /** Maximum number of events; default: 50. */
  readonly limit?: number;
  /** `next` of the previous page. */
  readonly cursor?: string | undefined;
}

/** Events of a scenario, newest first, and the cursor of the next page; null on the last one. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  readonly next: string | null;
}

const LIMIT = 50;

/** Returns a page of the events of a scenario that started in a span of time. */
export async function listEvents(
  { documents }: Pick<VidetteClientDeps, 'documents'>,
  scenarioUuid: string,
  { kind, limit = LIMIT, cursor, from, to }: EventPageOptions = {},
): Promise<EventPage> {
  const found = await documents.streamEvents.list({
    ...{ scenarioUuid: expectScenarioUuid(scenarioUuid), limit: limit + 1, before: cursor },
    ...{ kind, from: from?.getTime(), to: to?.getTime() },
  });
  const page = found.slice(0, limit).map(toRecordedEvent);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { events: page, next: last?.event_id ?? null };
}
