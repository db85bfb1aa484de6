import type { Collection, Filter } from 'mongodb';
import { SIGHTINGS } from '../../domain/collections.js';
import { expectId, expectScenarioUuid } from '../../domain/names.js';
import type {
  SightingFilter,
  SightingQuery,
  SightingStore,
} from '../../domain/ports/sighting-store.js';
import { type Sighting, timePrefix } from '../../domain/search/sighting.js';
import type { FindSightingPage } from './ferretdb-search.js';
import type { RunQuery } from './mongo-queries.js';

/** A sighting with the tenth that its confidence is in, 0 to 9. */
export type StoredSighting = Sighting & { readonly _id: string; readonly tier: number };

/**
 * Indexes of sightings. A page is read in the order of `_id`: for each tenth of the confidence, the
 * server scans one interval of an index, and merges them.
 */
export const SIGHTING_INDEXES = [
  { class: 1, tier: 1, _id: 1 },
  { tier: 1, _id: 1 },
  { video_id: 1, class: 1, tier: 1, _id: 1 },
  { video_id: 1, tier: 1, _id: 1 },
  { scenario_uuid: 1, class: 1, tier: 1, _id: 1 },
  { scenario_uuid: 1, tier: 1, _id: 1 },
  { event_id: 1, _id: 1 },
] as const;

const TIERS = 10;
/** Added before rounding down, because 0.3 * 10 may be less than 3. */
const ROUNDING = 1e-9;

/** Number of sightings that are removed at a time, where they are found by pages. */
const REMOVED_PAGE = 500;

/** Sightings in MongoDB, or in a server in which `findPage` finds them. */
export function createSightings(
  sightings: Collection<StoredSighting>,
  run: RunQuery,
  findPage: FindSightingPage,
): SightingStore {
  const runQuery = <T>(query: () => Promise<T>) => run(SIGHTINGS, query);
  const removeAll = async (query: Omit<SightingQuery, 'limit' | 'from' | 'to'>) => {
    for (let removed = 0; ;) {
      const page = await findPage({ ...query, limit: REMOVED_PAGE });
      if (!page) {
        const removeMany = () => sightings.deleteMany(sightingFilter(query));
        return removed + (await runQuery(removeMany)).deletedCount;
      }
      if (page.length === 0) return removed;
      const removals = page.map(({ sighting_id }) => ({
        deleteOne: { filter: { _id: sighting_id } },
      }));
      const { deletedCount } = await runQuery(() =>
        sightings.bulkWrite(removals, { ordered: false }),
      );
      removed += deletedCount;
    }
  };
  return {
    put: async (given) => {
      if (given.length === 0) return;
      const writes = given.map((sighting) => {
        const { _id, ...replacement } = storedSighting(sighting);
        return { replaceOne: { filter: { _id }, replacement, upsert: true } };
      });
      await runQuery(() => sightings.bulkWrite(writes, { ordered: false }));
    },
    list: async (query) => {
      const { $gt: after, $lt: before } = rangeOf(query);
      const page = await findPage({ ...query, after, before });
      if (page) return page;
      const options = { limit: query.limit, sort: { _id: 1 } } as const;
      const find = () => sightings.find(sightingFilter(query), options).toArray();
      return (await runQuery(find)).map(({ _id, tier: _tier, ...sighting }) => sighting);
    },
    removeOfJob: (eventId) => removeAll({ eventId }),
    removeOfCamera: (scenarioUuid, before) =>
      removeAll({ scenarioUuid, after: firstAfter(before) }),
  };
}

/** Returns a sighting as it is stored. */
export function storedSighting(sighting: Sighting): StoredSighting {
  return { _id: sighting.sighting_id, ...sighting, tier: tierOf(sighting.max_conf) };
}

function tierOf(conf: number): number {
  return Math.min(TIERS - 1, Math.floor(conf * TIERS + ROUNDING));
}

/** Returns the filter of a page of sightings that is sorted by `_id`. */
function sightingFilter(query: Omit<SightingQuery, 'limit'>): Filter<StoredSighting> {
  const { className, minConf = 0, videoId, eventId, scenarioUuid } = query;
  const range = rangeOf(query);
  const lowest = tierOf(minConf);
  const tiers = Array.from({ length: TIERS - lowest }, (_, index) => lowest + index);
  const isSelected = className !== undefined || minConf > 0;
  return {
    ...(className !== undefined && { class: className }),
    ...(videoId !== undefined && { video_id: expectId('a video_id', videoId) }),
    ...(eventId !== undefined && { event_id: expectId('an event_id', eventId) }),
    ...(scenarioUuid !== undefined && { scenario_uuid: expectScenarioUuid(scenarioUuid) }),
    ...(isSelected && { tier: { $in: tiers } }),
    ...(minConf > 0 && { max_conf: { $gte: minConf } }),
    ...(Object.keys(range).length > 0 && { _id: range }),
  };
}

/** Ids are in the order of time, the newest first. */
function rangeOf({ from, to, after }: SightingFilter & Pick<SightingQuery, 'after'>): {
  $gt?: string;
  $lt?: string;
} {
  const starts = [
    ...(to === undefined ? [] : [firstAfter(to)]),
    ...(after === undefined ? [] : [after]),
  ];
  const start = starts.sort().at(-1);
  return {
    ...(start !== undefined && { $gt: start }),
    ...(from !== undefined && { $lt: firstAfter(from) }),
  };
}

/** The text that sorts after the ids of a time and later, and before those of earlier times. */
function firstAfter(time: Date): string {
  return `${timePrefix(time)}0`;
}
