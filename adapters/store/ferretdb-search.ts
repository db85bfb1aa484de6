import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { SEARCHES } from '../../domain/collections.js';
import { expectId, expectScenarioUuid } from '../../domain/names.js';
import type { SightingFilter } from '../../domain/ports/sighting-store.js';
import type { Sighting } from '../../domain/search/sighting.js';
import type { IsFerretDb } from './ferretdb.js';
import type { RunQuery } from './mongo-queries.js';

/** A page of sightings between two ids, which are not included. */
export interface SightingPageQuery extends Omit<SightingFilter, 'from' | 'to'> {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Finds a page of sightings by indexes; undefined if the server has to be queried in another way. */
export type FindSightingPage = (query: SightingPageQuery) => Promise<Sighting[] | undefined>;

/** Text that sorts after all ids of sightings, which begin with a digit. */
const END_OF_IDS = '~';

/** A search, in the form that `stack/servers/ferretdb/search_triggers.go` describes. */
export interface StoredSearch {
  readonly _id: string;
  readonly class: string | null;
  readonly video_id: string | null;
  readonly event_id: string | null;
  readonly scenario_uuid: string | null;
  readonly min_conf: number;
  readonly after: string;
  readonly before: string;
  readonly limit: number;
  /** JSON of the sightings that were found, written by SQLite. */
  readonly page: string;
}

/** Finds pages in Vidette's build of FerretDB, which reads all sightings for each other query. */
export function createFerretSearch(
  searches: Collection<StoredSearch>,
  run: RunQuery,
  isFerretDb: IsFerretDb,
): FindSightingPage {
  return async (query) => {
    if (!(await isFerretDb())) return undefined;
    const search = storedSearch(query);
    const page = await run(SEARCHES, () => takePage(searches, search));
    return page === '' ? undefined : toSightings(page);
  };
}

function storedSearch(query: SightingPageQuery): StoredSearch {
  const { className = null, minConf = 0, videoId, eventId, scenarioUuid, limit } = query;
  const { after = '', before = END_OF_IDS } = query;
  return {
    ...{ _id: randomUUID(), class: className, min_conf: minConf, after, before, limit, page: '' },
    video_id: videoId === undefined ? null : expectId('a video_id', videoId),
    event_id: eventId === undefined ? null : expectId('an event_id', eventId),
    scenario_uuid: scenarioUuid === undefined ? null : expectScenarioUuid(scenarioUuid),
  };
}

/** Runs a search; returns '' if nothing has written its page. */
async function takePage(searches: Collection<StoredSearch>, search: StoredSearch): Promise<string> {
  await searches.insertOne(search);
  return (await searches.findOneAndDelete({ _id: search._id }))?.page ?? '';
}

/** FerretDB keeps a time as the number of milliseconds since 1970. */
type SightingRow = Omit<Sighting, 'at'> & {
  readonly _id: string;
  readonly tier: number;
  readonly at: number;
};

function toSightings(page: string): Sighting[] {
  const rows = JSON.parse(page) as SightingRow[]; // as `storedSighting` stored them
  return rows.map(({ _id, tier: _tier, at, ...sighting }) => ({ ...sighting, at: new Date(at) }));
}
