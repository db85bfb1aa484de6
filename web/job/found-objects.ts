import type { FoundSighting } from '../../api/types.js';
import type { BestFrame } from '../../domain/search/sighting.js';
import { listJobSightings } from '../api/search.js';
import { isClassShown, type Filter } from './filter.js';

/** Object that was followed through a video; in a job without tracks, a span in which a class appears. */
export interface FoundObject {
  /** Unique in the job. */
  readonly id: string;
  /** Absent in a job without tracks. */
  readonly trackId: number | undefined;
  readonly className: string;
  /** Milliseconds from the start of the video. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxConf: number;
  readonly best: BestFrame;
}

/** Objects of a job, and whether they are all of them. */
export interface FoundObjects {
  readonly objects: readonly FoundObject[];
  readonly isComplete: boolean;
}

/** Maximum number of sightings that are read: more cannot be distinguished. */
const MAX_SIGHTINGS = 500;

/** Reads the objects of a job by the time at which they appear; none if the job is not indexed. */
export async function readFoundObjects(
  eventId: string,
  signal: AbortSignal,
): Promise<FoundObjects> {
  const sightings: FoundSighting[] = [];
  let cursor: string | undefined;
  do {
    const page = await listJobSightings(eventId, cursor, signal);
    sightings.push(...page.sightings);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && sightings.length < MAX_SIGHTINGS);
  return { objects: joinTracks(sightings), isComplete: cursor === undefined };
}

/** Joins the sightings of each track, which is in several of them if it paused for long. */
export function joinTracks(sightings: readonly FoundSighting[]): FoundObject[] {
  const found = new Map<string, FoundObject>();
  for (const sighting of sightings) {
    const { track_id } = sighting;
    const id = track_id === undefined ? sighting.sighting_id : String(track_id);
    found.set(id, extend(found.get(id), id, sighting));
  }
  return [...found.values()].sort((a, b) => a.fromMs - b.fromMs || a.id.localeCompare(b.id));
}

function extend(
  known: FoundObject | undefined,
  id: string,
  { class: className, track_id, from_ms, to_ms, max_conf, best }: FoundSighting,
): FoundObject {
  const isBest = max_conf > (known?.maxConf ?? -1);
  return {
    ...{ id, className, trackId: track_id },
    fromMs: Math.min(known?.fromMs ?? Infinity, from_ms),
    toMs: Math.max(known?.toMs ?? 0, to_ms),
    maxConf: isBest ? max_conf : known!.maxConf, // known unless it is the best
    best: isBest ? best : known!.best,
  };
}

/** The objects that a filter shows. */
export function shownFound({ objects }: FoundObjects, filter: Filter): readonly FoundObject[] {
  return objects.filter(
    ({ className, maxConf }) => maxConf >= filter.minConfidence && isClassShown(className, filter),
  );
}
