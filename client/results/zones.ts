import { noResult } from '../../domain/job/job-store.js';
import { readResultEnds, readResultFrames } from '../../domain/result/read-result.js';
import { parseZones, reportZones, type ZoneReport } from '../../domain/zone/report-zones.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import type { VidetteClientDeps } from '../deps.js';
import { noTracks } from './no-tracks.js';

/**
 * Reports what the tracks of a job did at zones and lines, from its result.
 * @throws AppError `INVALID_INPUT` for invalid zones or a job without tracks; `JOB_NOT_FOUND`.
 */
export async function readZones(
  { objects }: Pick<VidetteClientDeps, 'objects'>,
  eventId: string,
  zones: readonly ZoneOrLine[],
): Promise<ZoneReport> {
  const checked = parseZones(zones);
  const ends = await readResultEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  if (!ends.header.parameters.tracking) throw noTracks(eventId, 'zones count tracks');
  return reportZones(readResultFrames(objects, eventId), checked, ends.header.video.size);
}
