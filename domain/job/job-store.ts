import { AppError } from '../errors.js';
import { BUCKETS, keys, type ObjectGroup } from '../names.js';
import { type Part, readPart } from '../result/part.js';
import { readTrackPart, type TrackPart } from '../track/track-part.js';
import type { VideoPlan } from '../video/plan.js';
import type { ObjectStat, ObjectStore } from '../ports/object-store.js';

/** The plan of a job; undefined while it has none. */
export async function readPlan(
  objects: ObjectStore,
  eventId: string,
): Promise<VideoPlan | undefined> {
  const data = await objects.find(BUCKETS.results, keys.plan(eventId));
  return data && (JSON.parse(data.toString('utf8')) as VideoPlan); // our own writing
}

/** Describes the stored result of a job; undefined while it has none. */
export function findResult(
  objects: Pick<ObjectStore, 'stat'>,
  eventId: string,
): Promise<ObjectStat | undefined> {
  return objects.stat(BUCKETS.results, keys.result(eventId));
}

/** What a range contributed; undefined while it is not there. */
export async function findPart(
  objects: ObjectStore,
  eventId: string,
  range: number,
): Promise<Part | undefined> {
  const data = await objects.find(BUCKETS.results, keys.part(eventId, range));
  return data && readPart(data);
}

/** Tracks of a range; undefined while they are not stored, and if another version stored them. */
export async function findTrackPart(
  objects: Pick<ObjectStore, 'find'>,
  eventId: string,
  range: number,
): Promise<TrackPart | undefined> {
  const data = await objects.find(BUCKETS.results, keys.tracks(eventId, range));
  return data && readTrackPart(data);
}

/** Whether the store has an object of a group. */
export async function hasObjects(
  objects: Pick<ObjectStore, 'list'>,
  { bucket, prefix }: ObjectGroup,
): Promise<boolean> {
  for await (const _ of objects.list(bucket, prefix)) return true;
  return false;
}

/** Error of a job without a result: `JOB_NOT_FOUND`. */
export function noResult(eventId: string): AppError {
  return new AppError('JOB_NOT_FOUND', `Job ${eventId} has no result (yet).`, {
    event_id: eventId,
  });
}
