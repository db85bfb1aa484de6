import type { WorkflowExecutionDescription } from '@temporalio/client';
import { type BatchCounts, type BatchDocument, countJobs } from '../../domain/job/batch.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { describeRun, isRunning } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { statusOf } from '../jobs/runs.js';
import { listUnopenedJobs } from '../jobs/unopened-jobs.js';

/** A batch with the number of its jobs by status. */
export interface Batch extends BatchCounts {
  readonly batch_id: string;
  /**
   * `processing` while a job runs or will be started, then `ready`, also if jobs have failed;
   * `cancelled`, or `failed` if the batch itself could not start its jobs.
   */
  readonly status: Exclude<JobStatus, 'predictable'>;
  /** Model of all jobs, as `name@version`. */
  readonly model: string | null;
  /** ISO 8601. */
  readonly started_at: string;
  readonly workflow_id: string;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'documents'>;

/** Reads the state of a batch: what became of its jobs is read from the jobs. */
export async function readBatch(deps: Deps, batch: BatchDocument): Promise<Batch> {
  const { batch_id, options, created_at } = batch;
  const workflow_id = batchWorkflowIdOf(batch_id);
  // Read before the jobs: all jobs of a run that has closed have closed.
  const run = await describeRun(deps.temporal, workflow_id);
  const counts = await countJobsOf(deps, batch, run !== undefined && isRunning(run));
  return {
    batch_id,
    status: statusOfBatch(run, counts),
    model: options.model ?? null,
    started_at: created_at.toISOString(),
    ...counts,
    workflow_id,
  };
}

/** A batch without a run was forgotten by Temporal after it closed. */
function statusOfBatch(
  run: WorkflowExecutionDescription | undefined,
  { running }: BatchCounts,
): Batch['status'] {
  if (running > 0) return 'processing';
  const status = run ? statusOf(run.status.name, undefined) : 'ready';
  return status === 'predictable' ? 'processing' : status;
}

async function countJobsOf(
  { temporal, documents }: Deps,
  batch: BatchDocument,
  isOpen: boolean,
): Promise<BatchCounts> {
  const { batch_id, jobs } = batch;
  const opened = await documents.findStatuses(jobs.map(({ event_id }) => event_id));
  if (opened.size === jobs.length) return countJobs(batch, opened, isOpen);
  const unopened = await listUnopenedJobs(temporal, undefined, batch_id);
  const statuses = unopened.map(({ event_id, job }) => [event_id, job.status] as const);
  return countJobs(batch, new Map([...statuses, ...opened]), isOpen);
}
