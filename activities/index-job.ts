import { log } from '@temporalio/activity';
import type { JobRef } from '../domain/job/deletion.js';
import { readPlan } from '../domain/job/job-store.js';
import { isClosed } from '../domain/job/job-status.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { IndexablePage, ListIndexableInput } from '../domain/search/index-request.js';
import { refreshVideo } from '../domain/search/refresh-video.js';
import { withHeartbeat } from './heartbeat.js';
import { indexResult } from './index-result.js';

export interface IndexJobDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
}

/** Number of jobs in a page: each becomes a few events in the history of `IndexJobs`. */
const PAGE = 200;

/** Returns a page of the ids of ended jobs; without `all`, of those whose sightings are not stored. */
export async function listIndexable(
  { documents }: Pick<IndexJobDeps, 'documents'>,
  { before, after, all }: ListIndexableInput,
): Promise<IndexablePage> {
  const query = { before: new Date(before), after, ...(!all && { isIndexed: false as const }) };
  const event_ids = await documents.findClosedIds({ ...query, limit: PAGE });
  return { event_ids, next: event_ids.length === PAGE ? event_ids.at(-1) : undefined };
}

/** Stores the sightings of an ended job from its parts; returns false if it has no result. */
export async function indexJob(
  { objects, documents }: IndexJobDeps,
  { event_id }: JobRef,
): Promise<boolean> {
  const event = await documents.findEvent(event_id);
  if (!event?.result || !isClosed(event.status)) return false;
  const plan = await readPlan(objects, event_id);
  if (!plan) return false;
  const { video_id, created_at, run_id, bucket } = event;
  const indexing = {
    plan,
    job: { event_id, video_id, created_at: created_at.toISOString() },
    update: (fields: object) => documents.updateEvent(event_id, run_id, fields),
  };
  const { sightings } = await withHeartbeat((beat) =>
    indexResult({ objects, documents }, indexing, beat),
  );
  if (await documents.findEvent(event_id)) {
    log.info('job indexed', { event: event_id, sightings });
    return true;
  }
  // It was deleted in the meantime, perhaps before its sightings were stored.
  await documents.sightings.removeOfJob(event_id);
  await refreshVideo(documents, { bucket, videoId: video_id });
  return false;
}
