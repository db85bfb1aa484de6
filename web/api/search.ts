import type { SightingPage, VideoPage } from '../../api/types.js';
import type { Search } from '../../domain/search/parse-search.js';
import { getJson } from './request.js';

const PAGE = 24;
/** Maximum size of a page of the API. */
const LARGEST_PAGE = 100;

/** Reads a page of sightings. */
export function findSightings(
  { className, minConf, videoId, scenarioUuid, from, to }: Search,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<SightingPage> {
  const given = {
    ...{ class: className, conf: minConf, video: videoId, camera: scenarioUuid },
    ...{ from: from?.toISOString(), to: to?.toISOString(), cursor, limit: PAGE },
  };
  return getJson(`/api/v1/sightings?${queryOf(given)}`, signal);
}

/** Reads a page of the sightings of a job, in the order of the video. */
export function listJobSightings(
  eventId: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<SightingPage> {
  const query = queryOf({ job: eventId, limit: LARGEST_PAGE, cursor });
  return getJson(`/api/v1/sightings?${query}`, signal);
}

/** Reads a page of the videos with a result, the newest job first. */
export function listNewestVideos(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<VideoPage> {
  const query = queryOf({ order: 'newest', limit: PAGE, cursor });
  return getJson(`/api/v1/videos?${query}`, signal);
}

function queryOf(values: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}
