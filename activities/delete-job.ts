import { log } from '@temporalio/activity';
import type {
  DeleteDataInput,
  DeletedData,
  DeleteRunsInput,
  EndedRuns,
  EndRunsInput,
} from '../domain/job/deletion.js';
import type { IndexedQuery } from '../domain/search/library-video.js';
import { refreshVideo } from '../domain/search/refresh-video.js';
import { isClosed } from '../domain/job/job-status.js';
import {
  BUCKETS,
  frameObjects,
  jobObjects,
  keys,
  type ObjectGroup,
  RENDER_KINDS,
  zoneObjects,
} from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { PartUploads } from '../domain/ports/part-uploads.js';
import type { JobRuns } from '../domain/ports/runs.js';
import { type DeleteBatchesDeps, deleteEmptyBatches } from './delete-batches.js';
import { type Beat, withHeartbeat } from './heartbeat.js';
import { listClips } from './clip-store.js';
import { listRenders } from './list-renders.js';
import { listReels, removeReel } from './reel-store.js';
import { removeGroup } from './remove-group.js';

export interface DeleteJobDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly partUploads: PartUploads;
  readonly jobRuns: JobRuns;
}

/** A list is all that finds the reels and clips of a job. */
interface ListRendersDeps {
  readonly objects: Pick<ObjectStore, 'list'>;
}

type DeleteDataDeps = Omit<DeleteJobDeps, 'jobRuns'> & DeleteBatchesDeps;

/** Requests the end of the runs of a job and of its renders. */
export async function endRuns(
  { documents, objects, jobRuns }: Pick<DeleteJobDeps, 'documents' | 'jobRuns'> & ListRendersDeps,
  { event_id: eventId, started_before, force }: EndRunsInput,
): Promise<EndedRuns> {
  const workflowId = (await documents.findEvent(eventId))?.workflow_id;
  const renders = await listRenders(objects, eventId);
  const startedBefore = new Date(started_before);
  return jobRuns.end({ eventId, workflowId, renders, startedBefore, force });
}

/**
 * Removes the objects and documents of a job, its event last, because until then it is listed; and the
 * batches that have no other job. Other batches keep it as a deleted job. Its video shows another job, or
 * leaves the library; the zones of a video that is no longer stored are removed with its last job.
 */
export async function deleteJobData(
  deps: DeleteDataDeps,
  input: DeleteDataInput,
): Promise<DeletedData> {
  const { event_id, frames_only = false } = input;
  const removed = await withHeartbeat((beat) =>
    frames_only ? deleteFrames(deps, event_id, beat) : deleteAll(deps, event_id, beat),
  );
  log.info('data of a job deleted', { event: event_id, frames_only, ...removed });
  return removed;
}

/** Deletes the closed runs of a job from Temporal. */
export async function deleteRuns(
  { jobRuns }: Pick<DeleteJobDeps, 'jobRuns'>,
  { runs }: DeleteRunsInput,
): Promise<void> {
  await withHeartbeat(({ signal }) => jobRuns.delete(runs, signal));
}

/** A job that was submitted again needs its frames. */
async function deleteFrames(
  { objects, documents }: Pick<DeleteJobDeps, 'objects' | 'documents'>,
  eventId: string,
  beat: Beat,
): Promise<DeletedData> {
  const event = await documents.findEvent(eventId);
  if (!event || !isClosed(event.status)) return { objects: 0, documents: 0 };
  return { objects: await removeGroup(objects, frameObjects(eventId), beat), documents: 0 };
}

async function deleteAll(deps: DeleteDataDeps, eventId: string, beat: Beat): Promise<DeletedData> {
  const { objects, documents, partUploads } = deps;
  const groups = jobObjects(eventId);
  let removed = await removeReels(objects, partUploads, eventId, beat);
  const clips = (await listClips(objects, eventId)).map((clip) => keys.clip(clip));
  for (const group of groups) removed += await removeGroup(objects, group, beat);
  await abortUploads(partUploads, groups, { eventId, clips }, beat);
  beat.signal.throwIfAborted();
  const event = await documents.findEvent(eventId);
  const video = event && { bucket: event.bucket, videoId: event.video_id };
  // Before the event is removed: a batch that finds no event would start the job again.
  await documents.batches.markDeleted(eventId);
  if (video) {
    removed += await removeZones(deps, { ...video, except: eventId }, beat);
    await refreshVideo(documents, { ...video, except: eventId });
  }
  const ofJob = await documents.deleteJob(eventId);
  // A job of the same video that ended or was deleted in the meantime may have seen this one.
  if (video) {
    await refreshVideo(documents, video);
    removed += await removeZones(deps, video, beat);
  }
  return { objects: removed, documents: ofJob + (await deleteEmptyBatches(deps, eventId)) };
}

/** Removes the zones of a video that is not stored and has no job. */
async function removeZones(
  { objects, documents }: Pick<DeleteDataDeps, 'objects' | 'documents'>,
  { bucket, videoId, except }: IndexedQuery,
  beat: Beat,
): Promise<number> {
  const jobs = await documents.findIdsOfVideo(bucket, videoId, 2);
  const isUsed = jobs.some((id) => id !== except);
  if (isUsed || (await objects.stat(bucket, keys.video(videoId)))) return 0;
  return removeGroup(objects, zoneObjects(bucket, videoId), beat);
}

/**
 * Removes the reels that show a job, also those that are stored at the other job. The result is removed
 * before: a reel that is stored after this list finds that it is missing.
 */
async function removeReels(
  objects: ObjectStore,
  partUploads: PartUploads,
  eventId: string,
  beat: Beat,
): Promise<number> {
  const result = { bucket: BUCKETS.results, prefix: keys.result(eventId) };
  let removed = await removeGroup(objects, result, beat);
  for (const reel of await listReels(objects, eventId)) {
    beat.signal.throwIfAborted();
    const large = [{ bucket: BUCKETS.results, prefix: keys.reel(reel) }];
    await abortAll(partUploads, large, beat);
    removed += await removeReel(objects, reel);
  }
  return removed;
}

/** Aborts uploads that a killed worker left; some stores list them by their exact key only. */
async function abortUploads(
  partUploads: PartUploads,
  groups: readonly ObjectGroup[],
  { eventId, clips }: { readonly eventId: string; readonly clips: readonly string[] },
  beat: Beat,
): Promise<void> {
  const renders = RENDER_KINDS.map((kind) => keys.render(eventId, kind));
  const exact = [keys.result(eventId), ...renders, ...clips].map((prefix) => ({
    bucket: BUCKETS.results,
    prefix,
  }));
  await abortAll(partUploads, [...groups, ...exact], beat);
}

async function abortAll(
  partUploads: PartUploads,
  groups: readonly ObjectGroup[],
  { signal }: Beat,
): Promise<void> {
  for (const { bucket, prefix } of groups) {
    for await (const upload of partUploads.unfinished(bucket, prefix, { signal })) {
      await partUploads.abort(upload, { signal });
    }
  }
}
