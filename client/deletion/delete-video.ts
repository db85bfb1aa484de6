import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys, VIDEO_BATCH, VIDEO_DETECTION, zoneObjects } from '../../domain/names.js';
import { batchIdOfWorkflow } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { eventIdOfRun } from '../jobs/runs.js';
import { removeObjects } from '../remove-objects.js';
import { listSchedules } from '../schedules/list-schedules.js';

/** Maximum number of users that a message names. */
const NAMED = 3;
/** Number of jobs that are read: one more shows that there are others. */
const MAX_JOBS = NAMED + 1;

/**
 * Deletes a video that no job, running batch or schedule uses, with its zones.
 * @throws AppError `VIDEO_NOT_FOUND`, or `VIDEO_IN_USE` with its users.
 */
export async function deleteVideo(deps: VidetteClientDeps, videoId: string): Promise<void> {
  const key = keys.video(videoId);
  if (!(await deps.objects.stat(BUCKETS.videos, key))) throw videoNotFound(videoId);
  const users = [
    ...(await findJobs(deps, videoId)),
    ...(await findBatches(deps, videoId)),
    ...(await findSchedules(deps, videoId)),
  ];
  if (users.length > 0) throw videoInUse(videoId, users);
  await removeObjects(deps, zoneObjects(BUCKETS.videos, videoId)); // first: a repetition finds the video
  await deps.objects.remove(BUCKETS.videos, key);
  await deps.documents.libraryVideos.remove(BUCKETS.videos, videoId);
}

/** Finds jobs by their events, and running ones that have none yet in Temporal. */
async function findJobs(
  { documents, temporal }: VidetteClientDeps,
  videoId: string,
): Promise<string[]> {
  const ids = new Set(await documents.findIdsOfVideo(BUCKETS.videos, videoId, MAX_JOBS));
  const query = `WorkflowType = '${VIDEO_DETECTION}' AND VideoId = '${videoId}' AND ExecutionStatus = 'Running'`;
  for await (const run of temporal.workflow.list({ query, pageSize: MAX_JOBS })) {
    if (ids.size >= MAX_JOBS) break;
    ids.add(eventIdOfRun(run));
  }
  return [...ids].map((id) => `job ${id}`);
}

/** Finds running batches, which may not have started their job of the video. */
async function findBatches(
  { documents, temporal }: VidetteClientDeps,
  videoId: string,
): Promise<string[]> {
  const query = `WorkflowType = '${VIDEO_BATCH}' AND ExecutionStatus = 'Running'`;
  const found: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    const batch = await documents.batches.find(batchIdOfWorkflow(workflowId));
    if (batch?.jobs.some((job) => job.video_id === videoId)) found.push(`batch ${batch.batch_id}`);
  }
  return found;
}

async function findSchedules({ temporal }: VidetteClientDeps, videoId: string): Promise<string[]> {
  const schedules = await listSchedules(temporal);
  return schedules
    .filter(({ video_id }) => video_id === videoId)
    .map(({ schedule_id }) => `schedule ${schedule_id}`);
}

function videoNotFound(videoId: string): AppError {
  return new AppError('VIDEO_NOT_FOUND', `Video ${videoId} is not in the object store.`, {
    video_id: videoId,
  });
}

function videoInUse(videoId: string, users: readonly string[]): AppError {
  const named = users.slice(0, NAMED);
  const more = users.length > NAMED ? ' and others' : '';
  const them = users.length === 1 ? 'that' : 'those';
  return new AppError(
    'VIDEO_IN_USE',
    `Video ${videoId} is used by ${named.join(', ')}${more}. Delete ${them} first.`,
    { video_id: videoId },
  );
}
