import { AppError } from '../../domain/errors.js';
import { expectScenarioUuid } from '../../domain/names.js';
import { isoTime } from '../../domain/stream/entry.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { zoneEventOf } from '../../domain/stream/events/zone-document.js';
import { countByMinute, type ZoneCounts } from '../../domain/zone/count-events.js';
import type { ZoneEvent } from '../../domain/zone/zone-event.js';
import type { VidetteClientDeps } from '../deps.js';
import type { TimeRange } from './types.js';

/** Passages of the zones and lines of a scenario by one class in a minute. */
export interface CameraMinute extends Omit<ZoneCounts, 'minute_ms'> {
  /** Start of the minute in UTC, in ISO 8601 with milliseconds. */
  readonly minute: string;
}

/** Passages of the zones and lines of a scenario in a span of time, by minute. */
export interface CameraZoneCounts {
  readonly scenario_uuid: string;
  readonly from: string;
  readonly to: string;
  readonly minutes: readonly CameraMinute[];
}

interface EventsDeps {
  readonly documents: Pick<VidetteClientDeps['documents'], 'streamEvents'>;
}

const DAY_MS = 86_400_000;
const DAYS_MAX = 7;
const PAGE = 1000;

/**
 * Counts the passages of a span by minute, zone and class.
 * @param range at most seven days; default: the last day
 * @throws AppError `INVALID_INPUT`.
 */
export async function countPassages(
  deps: EventsDeps,
  scenarioUuid: string,
  { from, to = new Date() }: TimeRange = {},
): Promise<CameraZoneCounts> {
  const span = { from: from?.getTime() ?? to.getTime() - DAY_MS, to: to.getTime() };
  expectSpan(span);
  const events: ZoneEvent[] = [];
  for await (const document of listPassages(deps, expectScenarioUuid(scenarioUuid), span)) {
    events.push(...zoneEventOf(document));
  }
  return {
    ...{ scenario_uuid: scenarioUuid, from: isoTime(span.from), to: isoTime(span.to) },
    minutes: countByMinute(events).map(({ minute_ms, ...counts }) => ({
      minute: isoTime(minute_ms),
      ...counts,
    })),
  };
}

async function* listPassages(
  { documents }: EventsDeps,
  scenarioUuid: string,
  span: { readonly from: number; readonly to: number },
): AsyncGenerator<StreamEventDocument> {
  let before: string | undefined;
  do {
    const query = { scenarioUuid, kind: 'zone', limit: PAGE, before, ...span } as const;
    const page = await documents.streamEvents.list(query);
    yield* page;
    before = page.length === PAGE ? page.at(-1)?.event_id : undefined;
  } while (before !== undefined);
}

function expectSpan({ from, to }: { readonly from: number; readonly to: number }): void {
  if (from < to && to - from <= DAYS_MAX * DAY_MS) return;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a span of at most ${DAYS_MAX} days with "from" before "to", ` +
      `received ${isoTime(from)} to ${isoTime(to)}.`,
  );
}
