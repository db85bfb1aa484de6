import {
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { requestOf } from '../../domain/job/job-request.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import type { VideoDetection } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { describeJob } from '../jobs/describe-job.js';
import { findSources } from '../jobs/job-sources.js';
import { listSchedules, type ScheduleInfo } from './list-schedules.js';
import {
  neverRuns,
  OVERLAP_POLICIES,
  parseScheduleRequest,
  type ScheduleRequest,
  specOf,
  toRequestError,
  whenOf,
} from './schedule-request.js';

export interface Schedules {
  create(request: ScheduleRequest): Promise<ScheduleInfo>;
  list(): Promise<ScheduleInfo[]>;
  pause(scheduleId: string): Promise<void>;
  unpause(scheduleId: string): Promise<void>;
  /** Starts a run now, even if another is running. */
  trigger(scheduleId: string): Promise<void>;
  delete(scheduleId: string): Promise<void>;
}

const CATCHUP_S = 3600;

/** Creates the schedules API: each run of a schedule is a new job. */
export function createSchedules(deps: VidetteClientDeps): Schedules {
  const { temporal } = deps;
  const handleOf = (scheduleId: string) => temporal.schedule.getHandle(scheduleId);
  const change = (id: string, work: () => Promise<void>) =>
    callTemporal(temporal, () => expectSchedule(id, work));
  return {
    create: (request) => callTemporal(temporal, () => create(deps, request)),
    list: () => callTemporal(temporal, () => listSchedules(temporal)),
    pause: (id) => change(id, () => handleOf(id).pause('Paused by Vidette.')),
    unpause: (id) => change(id, () => handleOf(id).unpause('Resumed by Vidette.')),
    trigger: (id) => change(id, () => handleOf(id).trigger('ALLOW_ALL')),
    delete: (id) => change(id, () => handleOf(id).delete()),
  };
}

async function create(deps: VidetteClientDeps, request: ScheduleRequest): Promise<ScheduleInfo> {
  const { schedule_id, overlap = 'skip', catchup_s = CATCHUP_S, paused = false } = request;
  const input = parseScheduleRequest(request);
  const { video } = await findSources(deps, input);
  try {
    const handle = await deps.temporal.schedule.create<typeof VideoDetection>({
      scheduleId: schedule_id,
      spec: specOf(request),
      policies: { overlap: OVERLAP_POLICIES[overlap], catchupWindow: catchup_s * 1000 },
      memo: { video_id: input.video_id, when: whenOf(request) },
      state: { paused },
      action: {
        type: 'startWorkflow',
        workflowType: VIDEO_DETECTION,
        taskQueue: VIDEO_QUEUE,
        workflowId: workflowIdOf(schedule_id),
        args: [requestOf(input)],
        ...describeJob(input, video),
      },
    });
    await expectRuns(handle, request);
  } catch (error) {
    throw error instanceof ScheduleAlreadyRunning
      ? scheduleExists(schedule_id)
      : toRequestError(error, request);
  }
  const all = await listSchedules(deps.temporal);
  return all.find((info) => info.schedule_id === schedule_id) ?? newInfo(request);
}

/** Deletes a schedule without a next run, such as one for 30 February, which Temporal accepts. */
async function expectRuns(handle: ScheduleHandle, request: ScheduleRequest): Promise<void> {
  const { info } = await handle.describe();
  if (info.nextActionTimes.length > 0) return;
  await handle.delete();
  throw neverRuns(request);
}

function scheduleExists(scheduleId: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Schedule "${scheduleId}" already exists. Delete it first, or choose another id.`,
  );
}

function newInfo(request: ScheduleRequest): ScheduleInfo {
  const { schedule_id, input, paused = false } = request;
  const { video_id } = input;
  return { schedule_id, video_id, when: whenOf(request), paused, next: [], recent: [] };
}

async function expectSchedule(scheduleId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new AppError(
      'JOB_NOT_FOUND',
      `Schedule "${scheduleId}" does not exist. List schedules with "vidette schedule list".`,
    );
  }
}
