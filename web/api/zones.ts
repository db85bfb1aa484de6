import type { ZoneOrLine, ZoneReport, ZoneSet } from '../../api/types.js';
import { jobUrl } from './jobs.js';
import { getJson, request, sendJson } from './request.js';

/** Video of the zones. */
export interface ZonesVideo {
  readonly videoId: string;
  readonly bucket: string;
}

function zonesUrl({ videoId, bucket }: ZonesVideo, name?: string): string {
  const part = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  const query = new URLSearchParams({ bucket });
  return `/api/v1/videos/${encodeURIComponent(videoId)}/zones${part}?${query}`;
}

/** Lists the named zones of a video by name. */
export async function listZoneSets(
  video: ZonesVideo,
  signal: AbortSignal,
): Promise<readonly ZoneSet[]> {
  const { sets } = await getJson<{ readonly sets: readonly ZoneSet[] }>(zonesUrl(video), signal);
  return sets;
}

export const putZoneSet = (video: ZonesVideo, name: string, zones: readonly ZoneOrLine[]) =>
  sendJson<ZoneSet>('PUT', zonesUrl(video, name), { zones });

export async function deleteZoneSet(video: ZonesVideo, name: string): Promise<void> {
  await request(zonesUrl(video, name), { method: 'DELETE' });
}

/** URL of what the tracks of a job did at named zones of its video. */
export const zoneReportUrl = (
  eventId: string,
  name: string,
  format: 'json' | 'events-csv' | 'minutes-csv',
) => jobUrl(eventId, `zones?${new URLSearchParams({ name, format })}`);

export const getZoneReport = (eventId: string, name: string, signal: AbortSignal) =>
  getJson<ZoneReport>(zoneReportUrl(eventId, name, 'json'), signal);
