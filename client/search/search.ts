import { BUCKETS } from '../../domain/names.js';
import type { SightingFilter } from '../../domain/ports/sighting-store.js';
import type { Sighting } from '../../domain/search/sighting.js';
import type { VidetteClientDeps } from '../deps.js';
import { invalidCursor, PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';

/** A sighting as it is sent. */
export interface FoundSighting extends Omit<Sighting, 'at'> {
  /** ISO 8601: start of the job, or the time at which a camera saw the first frame. */
  readonly at: string;
  /** Original name of the video's file; null for a camera, or if it is unknown. */
  readonly video_name: string | null;
}

/** Selects sightings; a sighting must match every given field. */
export interface SearchOptions extends SightingFilter, PageOptions {}

/** Sightings, the newest first, and the cursor of the next page; null on the last one. */
export interface SightingPage {
  readonly sightings: readonly FoundSighting[];
  readonly next: string | null;
}

type Deps = Pick<VidetteClientDeps, 'documents'>;

/** Pattern of a sighting_id: its time comes first. */
const SIGHTING_ID = /^\d{13}\/[^/]+\/\d+\//;

/** Returns a page of the sightings that match. @throws AppError `INVALID_INPUT` for a wrong cursor. */
export async function findSightings(
  { documents }: Deps,
  { limit = PAGE_LIMIT, cursor, ...filter }: SearchOptions = {},
): Promise<SightingPage> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const found = await documents.sightings.list({ ...filter, limit: limit + 1, after });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const names = await namesOf(documents, page);
  return {
    sightings: page.map(({ at, ...sighting }) => ({
      ...{ ...sighting, at: at.toISOString() },
      video_name: names.get(sighting.video_id ?? '') ?? null,
    })),
    next: last ? Buffer.from(last.sighting_id).toString('base64url') : null,
  };
}

async function namesOf(
  { libraryVideos }: Deps['documents'],
  sightings: readonly Sighting[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = [...new Set(sightings.flatMap(({ video_id }) => video_id ?? []))];
  const videos = ids.length > 0 ? await libraryVideos.findMany(BUCKETS.videos, ids) : [];
  return new Map(videos.map(({ video_id, name }) => [video_id, name]));
}

function decodeCursor(text: string): string {
  const id = Buffer.from(text, 'base64url').toString('utf8');
  if (SIGHTING_ID.test(id)) return id;
  throw invalidCursor();
}
