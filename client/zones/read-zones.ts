import { noResult } from '../../domain/job/job-store.js';
import { readResultEnds, readResultFrames } from '../../domain/result/read-result.js';
import type { ResultHeader } from '../../domain/result/result.js';
import { parseZones, reportZones, type ZoneReport } from '../../domain/zone/report-zones.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import type { VidetteClientDeps } from '../deps.js';
import { noTracks } from '../results/no-tracks.js';
import { getZoneSet } from './zone-sets.js';

type Deps = Pick<VidetteClientDeps, 'objects'>;

/** Zones and lines, or the name under which those of the video are stored. */
export type ZonesOrName = readonly ZoneOrLine[] | string;

/**
 * Reports what the tracks of a job did at zones and lines, from its result.
 * @throws AppError `INVALID_INPUT` for invalid zones or a job without tracks; `JOB_NOT_FOUND`,
 * `ZONES_NOT_FOUND`.
 */
export async function readZones(
  { objects }: Deps,
  eventId: string,
  zones: ZonesOrName,
): Promise<ZoneReport> {
  if (typeof zones !== 'string') parseZones(zones);
  const header = await readHeader(objects, eventId);
  const resolved = await resolveZones({ objects }, header, zones);
  if (!header.parameters.tracking) throw noTracks(eventId, 'zones count tracks');
  return reportZones(readResultFrames(objects, eventId), resolved, header.video.size);
}

/** Zones of a job's video that are stored under a name. @throws AppError `ZONES_NOT_FOUND`. */
export async function zonesOfJob(
  { objects }: Deps,
  eventId: string,
  name: string,
): Promise<readonly ZoneOrLine[]> {
  return resolveZones({ objects }, await readHeader(objects, eventId), name);
}

/** Checks zones, or reads those of a video that a name names. */
export async function resolveZones(
  { objects }: Deps,
  { video, video_id }: Pick<ResultHeader, 'video' | 'video_id'>,
  zones: ZonesOrName,
): Promise<readonly ZoneOrLine[]> {
  if (typeof zones !== 'string') return parseZones(zones);
  return (await getZoneSet(objects, video.bucket, video_id, zones)).zones;
}

async function readHeader(objects: Deps['objects'], eventId: string): Promise<ResultHeader> {
  const ends = await readResultEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  return ends.header;
}
