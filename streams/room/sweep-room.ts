import { BUCKETS, SCENARIO_UUID } from '../../domain/names.js';
import type { ListedObject, ObjectStore } from '../../domain/ports/object-store.js';
import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import { parseEventKey } from '../../domain/stream/event-keys.js';
import {
  excessBytes,
  type KeepDays,
  selectExpired,
  selectOverflow,
  type StreamRoom,
} from '../../domain/stream/retention.js';

export interface RoomDeps {
  readonly objects: Pick<ObjectStore, 'listSizes' | 'remove'>;
  readonly events: StreamEventStore;
  /** Days of each scenario. Objects of others belong to scenarios that were deleted. */
  readonly keepDays: ReadonlyMap<string, KeepDays>;
  /** Limit of VIDETTE_STREAM_KEEP_GB in bytes; undefined for none. */
  readonly keepBytes?: number | undefined;
  /** Returns the disk of the object store, if it is on this machine. */
  readonly readDisk?: (() => Promise<StreamRoom['disk']>) | undefined;
}

/** Objects that were removed. */
export interface SweptRoom {
  readonly expired: number;
  /** Removed although they are not old, because there was no room. */
  readonly overflow: number;
  readonly bytes: number;
}

const DAY_MS = 86_400_000;
/** What is left of a scenario that was deleted: another process may still be deleting it. */
const DELETED: KeepDays = { rows: 1, clips: 1 };

/**
 * Removes the objects of all scenarios that are older than their days, and then the oldest ones until
 * there is room. Several workers may do this at the same time.
 * @param now in ms since 1970.
 */
export async function sweepRoom(
  deps: RoomDeps,
  now: number,
  signal: AbortSignal,
): Promise<SweptRoom> {
  const listed = await listObjects(deps, signal);
  const expired = new Set<string>();
  for (const [uuid, objects] of groupByScenario(listed)) {
    const keep = deps.keepDays.get(uuid) ?? DELETED;
    for (const key of selectExpired(objects, keep, now)) expired.add(key);
  }
  for (const [uuid, { rows }] of deps.keepDays) {
    await deps.events.deleteBefore(uuid, now - rows * DAY_MS);
  }
  await removeAll(deps, [...expired], signal);
  const rest = listed.filter(({ key }) => !expired.has(key));
  const overflow = selectOverflow(rest, await findExcess(deps, rest), now);
  await removeAll(deps, overflow, signal);
  const removed = new Set([...expired, ...overflow]);
  const bytes = sumSizes(listed.filter(({ key }) => removed.has(key)));
  return { expired: expired.size, overflow: overflow.length, bytes };
}

async function listObjects({ objects }: RoomDeps, signal: AbortSignal): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of objects.listSizes(BUCKETS.streams, '', { signal }))
    listed.push(object);
  return listed;
}

/** Objects by their scenario; others are not touched. */
function groupByScenario(listed: readonly ListedObject[]): Map<string, ListedObject[]> {
  const groups = new Map<string, ListedObject[]>();
  for (const object of listed) {
    const uuid = object.key.slice(0, object.key.indexOf('/'));
    if (!SCENARIO_UUID.test(uuid)) continue;
    const group = groups.get(uuid);
    if (group) group.push(object);
    else groups.set(uuid, [object]);
  }
  return groups;
}

async function findExcess(
  { keepBytes, readDisk }: RoomDeps,
  rest: readonly ListedObject[],
): Promise<number> {
  const disk = await readDisk?.();
  return excessBytes({ usedBytes: sumSizes(rest), keepBytes, ...(disk && { disk }) });
}

function sumSizes(objects: readonly ListedObject[]): number {
  return objects.reduce((sum, { size }) => sum + size, 0);
}

/** Removes objects in their order, and marks the events whose clips and snapshots they are. */
async function removeAll(
  { objects, events }: RoomDeps,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const key of keys) {
    await objects.remove(BUCKETS.streams, key, { signal });
    const file = parseEventKey(key);
    if (!file) continue;
    const event = { scenario_uuid: key.slice(0, key.indexOf('/')), event_id: file.eventId };
    const fields = key.endsWith('.jpg')
      ? { snapshot: false }
      : { clip: { state: 'removed' } as const };
    await events.update(event, fields);
  }
}
