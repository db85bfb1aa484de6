import type { Sighting } from '../search/sighting.js';

/** Selects sightings; a sighting must match every given field. */
export interface SightingFilter {
  readonly className?: string | undefined;
  /** Minimum of the highest confidence, 0 to 1. */
  readonly minConf?: number | undefined;
  readonly videoId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly scenarioUuid?: string | undefined;
  /** Only sightings of this time or later. */
  readonly from?: Date | undefined;
  /** Only sightings before this time. */
  readonly to?: Date | undefined;
}

/** Selects the sightings of one page. */
export interface SightingQuery extends SightingFilter {
  readonly limit: number;
  /** Only sightings after this `sighting_id`. */
  readonly after?: string | undefined;
}

/** Sightings of jobs and cameras. */
export interface SightingStore {
  /** Stores sightings, in place of earlier ones with their ids. */
  put(sightings: readonly Sighting[]): Promise<void>;
  /** Sightings of a query, in the order of their ids: the newest first. */
  list(query: SightingQuery): Promise<Sighting[]>;
  /** Removes the sightings of a job; resolves with their number. */
  removeOfJob(eventId: string): Promise<number>;
  /** Removes the sightings of a camera from before a time; resolves with their number. */
  removeOfCamera(scenarioUuid: string, before: Date): Promise<number>;
}
