import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { INDEX_JOBS } from '../../domain/names.js';
import type { IndexedJobs, IndexJobsRequest } from '../../domain/search/index-request.js';
import type { IndexJobs } from '../../workflows/index.js';
import { awaitWorkflow } from '../await-workflow.js';
import type { VidetteClientDeps } from '../deps.js';

/** Stores the sightings of ended jobs, or joins such a run; resolves with the numbers of jobs. */
export function indexJobs(
  { temporal }: Pick<VidetteClientDeps, 'temporal'>,
  request: IndexJobsRequest,
  signal?: AbortSignal,
): Promise<IndexedJobs> {
  const start = () =>
    temporal.workflow.start<typeof IndexJobs>(INDEX_JOBS, {
      taskQueue: VIDEO_QUEUE,
      workflowId: `index-jobs/${request.all ? 'all' : 'missing'}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [request],
    });
  return awaitWorkflow(temporal, start, signal);
}
