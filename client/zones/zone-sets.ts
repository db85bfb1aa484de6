import pMap from 'p-map';
import { AppError } from '../../domain/errors.js';
import { bucketName } from '../../domain/job/job-input.js';
import { BUCKETS, keys, zoneObjects, zonesNameOfKey } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { parseZones } from '../../domain/zone/report-zones.js';
import { ZONE_SETS_MAX, type ZoneSet, zoneSetSchema } from '../../domain/zone/zone-set.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';

/** Bucket of a video, if it is not `videos`. */
export interface ZonesOptions {
  readonly bucket?: string | undefined;
}

/** Named zones and lines of videos. They apply to all jobs of a video, and are deleted with it. */
export interface ZoneSets {
  /** Lists the zones of a video by name. @throws AppError `VIDEO_NOT_FOUND`. */
  list(videoId: string, options?: ZonesOptions): Promise<readonly ZoneSet[]>;
  /** @throws AppError `ZONES_NOT_FOUND`. */
  get(videoId: string, name: string, options?: ZonesOptions): Promise<ZoneSet>;
  /**
   * Stores zones under a name, in place of earlier ones; the same zones again change nothing.
   * @throws AppError `INVALID_INPUT`, `VIDEO_NOT_FOUND`.
   */
  put(
    videoId: string,
    name: string,
    zones: readonly ZoneOrLine[],
    options?: ZonesOptions,
  ): Promise<ZoneSet>;
  /** Removes zones; succeeds if they do not exist. */
  remove(videoId: string, name: string, options?: ZonesOptions): Promise<void>;
}

interface ZoneSetsDeps {
  readonly objects: ObjectStore;
}

const CONCURRENCY = 8;

export function createZoneSets({ objects }: ZoneSetsDeps): ZoneSets {
  return {
    list: (videoId, options) => listZoneSets(objects, bucketOf(options), videoId),
    get: (videoId, name, options) => getZoneSet(objects, bucketOf(options), videoId, name),
    put: (videoId, name, zones, options) =>
      putZoneSet(objects, { bucket: bucketOf(options), videoId, name }, zones),
    remove: (videoId, name, options) =>
      objects.remove(BUCKETS.results, keys.zoneSet(bucketOf(options), videoId, name)),
  };
}

function bucketOf({ bucket = BUCKETS.videos }: ZonesOptions = {}): string {
  if (bucketName.safeParse(bucket).success) return bucket;
  const received = JSON.stringify(bucket).slice(0, 82);
  throw new AppError('INVALID_INPUT', `Expected the name of a bucket, received ${received}`);
}

async function listZoneSets(
  objects: ObjectStore,
  bucket: string,
  videoId: string,
): Promise<readonly ZoneSet[]> {
  const names = await listNames(objects, bucket, videoId);
  if (names.length === 0) await expectVideo(objects, bucket, videoId);
  const read = (name: string) => findZoneSet(objects, bucket, videoId, name);
  const sets = await pMap(names, read, { concurrency: CONCURRENCY });
  return sets.filter((set) => set !== undefined); // removed in the meantime
}

async function listNames(
  objects: Pick<ObjectStore, 'list'>,
  bucket: string,
  videoId: string,
): Promise<string[]> {
  const group = zoneObjects(bucket, videoId);
  const names: string[] = [];
  for await (const key of objects.list(group.bucket, group.prefix)) {
    const name = zonesNameOfKey(key);
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** Reads named zones. @throws AppError `ZONES_NOT_FOUND`. */
export async function getZoneSet(
  objects: ObjectStore,
  bucket: string,
  videoId: string,
  name: string,
): Promise<ZoneSet> {
  const found = await findZoneSet(objects, bucket, videoId, name);
  if (found) return found;
  const names = await listNames(objects, bucket, videoId);
  const stored = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
  throw new AppError('ZONES_NOT_FOUND', `Video ${videoId} has no zones named ${name}. ${stored}`, {
    video_id: videoId,
  });
}

async function findZoneSet(
  objects: Pick<ObjectStore, 'find'>,
  bucket: string,
  videoId: string,
  name: string,
): Promise<ZoneSet | undefined> {
  const found = await objects.find(BUCKETS.results, keys.zoneSet(bucket, videoId, name));
  return found && zoneSetSchema.parse(JSON.parse(found.toString('utf8')));
}

/** Place of named zones. */
interface ZonesPlace {
  readonly bucket: string;
  readonly videoId: string;
  readonly name: string;
}

async function putZoneSet(
  objects: ObjectStore,
  { bucket, videoId, name }: ZonesPlace,
  zones: readonly ZoneOrLine[],
): Promise<ZoneSet> {
  const checked = parseZones(zones);
  const key = keys.zoneSet(bucket, videoId, name);
  await expectVideo(objects, bucket, videoId);
  const before = await findZoneSet(objects, bucket, videoId, name);
  if (before && JSON.stringify(before.zones) === JSON.stringify(checked)) return before;
  if (!before) await expectRoom(objects, bucket, videoId);
  const set = { name, zones: checked, updated_at: new Date().toISOString() };
  const contentType = 'application/json';
  await objects.put(BUCKETS.results, key, JSON.stringify(set), { contentType });
  try {
    await expectVideo(objects, bucket, videoId);
  } catch (error) {
    await objects.remove(BUCKETS.results, key); // the video was deleted in the meantime
    throw error;
  }
  return set;
}

async function expectRoom(objects: ObjectStore, bucket: string, videoId: string): Promise<void> {
  const { length } = await listNames(objects, bucket, videoId);
  if (length < ZONE_SETS_MAX) return;
  throw new AppError(
    'INVALID_INPUT',
    `Video ${videoId} has ${length} named sets of zones, and ${ZONE_SETS_MAX} is the maximum. Delete one first.`,
    { video_id: videoId },
  );
}

async function expectVideo(
  objects: Pick<ObjectStore, 'stat'>,
  bucket: string,
  videoId: string,
): Promise<void> {
  if (await objects.stat(bucket, keys.video(videoId))) return;
  throw new AppError('VIDEO_NOT_FOUND', `Video ${videoId} is not in the bucket ${bucket}.`, {
    video_id: videoId,
  });
}
