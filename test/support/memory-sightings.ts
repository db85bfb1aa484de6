import type { SightingQuery, SightingStore } from '../../domain/ports/sighting-store.js';
import type { Sighting } from '../../domain/search/sighting.js';

/** Sightings in memory; passes the contract of `test/contracts/sighting-store.ts`. */
export function createMemorySightings(stored = new Map<string, Sighting>()): SightingStore {
  const removeWhere = (isMatch: (sighting: Sighting) => boolean) => {
    const found = [...stored.values()].filter(isMatch);
    for (const { sighting_id } of found) stored.delete(sighting_id);
    return Promise.resolve(found.length);
  };
  return {
    put: (sightings) => {
      for (const sighting of sightings) stored.set(sighting.sighting_id, sighting);
      return Promise.resolve();
    },
    list: (query) =>
      Promise.resolve(
        [...stored.values()]
          .filter((sighting) => isSelected(sighting, query))
          .sort((a, b) => (a.sighting_id < b.sighting_id ? -1 : 1))
          .slice(0, query.limit),
      ),
    removeOfJob: (eventId) => removeWhere(({ event_id }) => event_id === eventId),
    removeOfCamera: (uuid, before) =>
      removeWhere(({ scenario_uuid, at }) => scenario_uuid === uuid && at < before),
  };
}

function isSelected(sighting: Sighting, query: SightingQuery): boolean {
  const { className = sighting.class, minConf = 0, from, to, after = '' } = query;
  const { videoId = sighting.video_id, eventId = sighting.event_id } = query;
  const { scenarioUuid = sighting.scenario_uuid } = query;
  return (
    sighting.class === className &&
    sighting.max_conf >= minConf &&
    sighting.video_id === videoId &&
    sighting.event_id === eventId &&
    sighting.scenario_uuid === scenarioUuid &&
    (!from || sighting.at >= from) &&
    (!to || sighting.at < to) &&
    sighting.sighting_id > after
  );
}
