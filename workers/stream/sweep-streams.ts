import { messageOf } from '../../domain/errors.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { joinDays } from '../../domain/stream/log/join-day.js';
import type { KeepDays } from '../../domain/stream/retention.js';
import type { Logger } from '../../runtime/logger.js';
import { repeatUntil } from '../../runtime/repeat-until.js';
import { type SpoolDeps, sweepSpools } from '../../streams/room/sweep-spools.js';
import { type RoomDeps, sweepRoom } from '../../streams/room/sweep-room.js';
import { listScenarios } from './list-scenarios.js';

export interface SweepStreamsDeps extends Pick<RoomDeps, 'keepBytes' | 'readDisk'> {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'alerts' | 'scenarios' | 'sightings' | 'streamEvents'>;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;

/** Sweeps every `everyMs` milliseconds until `stop` aborts. */
export function sweepStreamsUntil(
  stop: AbortSignal,
  deps: SweepStreamsDeps & Pick<SpoolDeps, 'folder' | 'host'>,
  everyMs: number,
): Promise<void> {
  const failure = 'rows and clips not swept, trying again';
  return repeatUntil(stop, { everyMs, logger: deps.logger, failure }, async () => {
    await sweepStreams(deps, Date.now(), stop);
    const { objects: store, documents, ...local } = deps;
    const { scenarios, streamEvents: events } = documents;
    await sweepSpools({ ...local, store, scenarios, events }, stop);
  });
}

/**
 * Joins the rows of past days, and removes rows, sightings, clips and events that are older than their
 * scenario keeps them, or exceed the limits of all. Several workers may sweep at the same time.
 */
export async function sweepStreams(
  deps: SweepStreamsDeps,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const { objects, documents, logger, ...limits } = deps;
  const keepDays = new Map<string, KeepDays>();
  for await (const { scenario } of listScenarios(documents)) {
    const { scenario_uuid: uuid, keep_days: rows, record } = scenario;
    keepDays.set(uuid, { rows, clips: Math.min(rows, record?.keep_days ?? rows) });
    const before = new Date(now - rows * DAY_MS);
    await documents.sightings.removeOfCamera(uuid, before);
    await documents.alerts.removeOfCamera(uuid, before);
    await joinDays({ store: objects, uuid }, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      logger.warn({ scenario: uuid, reason: messageOf(error) }, 'rows of past days not joined');
    });
  }
  const room = { objects, events: documents.streamEvents, keepDays, ...limits };
  const removed = await sweepRoom(room, now, signal);
  if (removed.bytes > 0) logger.info(removed, 'rows and clips removed');
}
