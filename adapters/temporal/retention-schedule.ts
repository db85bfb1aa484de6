import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { PruneRequest } from '../../domain/job/deletion.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { PRUNE_JOBS, RETENTION_SCHEDULE } from '../../domain/names.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';

/** Interval at which old jobs are pruned. */
const EVERY = '1h';

/** Creates or changes the schedule that prunes jobs; without a request, deletes it. */
export async function applyRetention(
  client: Client,
  request: PruneRequest | undefined,
): Promise<void> {
  await callTemporal(client, () => (request ? save(client, request) : remove(client)));
}

async function save({ schedule }: Client, request: PruneRequest): Promise<void> {
  const options = scheduleOf(request);
  try {
    await schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // A schedule that was paused by hand stays paused.
    const { spec, action, policies } = options;
    await schedule
      .getHandle(RETENTION_SCHEDULE)
      .update(({ state }) => ({ spec, action, policies, state }));
  }
}

async function remove({ schedule }: Client): Promise<void> {
  try {
    await schedule.getHandle(RETENTION_SCHEDULE).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

function scheduleOf(
  request: PruneRequest,
): ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>> {
  return {
    scheduleId: RETENTION_SCHEDULE,
    spec: { intervals: [{ every: EVERY }] },
    policies: { overlap: 'SKIP', catchupWindow: EVERY },
    action: {
      type: 'startWorkflow',
      workflowType: PRUNE_JOBS,
      taskQueue: VIDEO_QUEUE,
      workflowId: `prune-jobs/${RETENTION_SCHEDULE}`,
      args: [request],
    },
  };
}
