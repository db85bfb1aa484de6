import {
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  type ScheduleOptions,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { requestOf } from '../../domain/job/job-request.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import { SCHEDULED_RETRAINING } from '../../domain/retrain/retrain.js';
import { parseRetrainRequest } from '../../domain/retrain/retrain-request.js';
import type { VidetteClientDeps } from '../deps.js';
import { describeJob } from '../jobs/describe-job.js';
import { findSources } from '../jobs/job-sources.js';
import { listSchedules, type ScheduleInfo, textOf } from './list-schedules.js';
import {
  parseScheduleRequest,
  type RetrainScheduleRequest,
  type ScheduleRequest,
} from './schedule-request.js';
import {
  expectTimes,
  neverRuns,
  OVERLAP_POLICIES,
  type ScheduleTimes,
  specOf,
  toRequestError,
  whenOf,
} from './schedule-times.js';

export interface Schedules {
  create(request: ScheduleRequest): Promise<ScheduleInfo>;
  /**
   * Creates a schedule of retrainings of a model.
   * @throws AppError `MODEL_NOT_FOUND`, `INVALID_INPUT`.
   */
  createRetraining(request: RetrainScheduleRequest): Promise<ScheduleInfo>;
  list(): Promise<ScheduleInfo[]>;
  pause(scheduleId: string): Promise<void>;
  unpause(scheduleId: string): Promise<void>;
  /** Starts a run now, even if another is running. */
  trigger(scheduleId: string): Promise<void>;
  delete(scheduleId: string): Promise<void>;
}

const CATCHUP_S = 3600;

/** Creates the schedules API: each run of a schedule is a new job, or a retraining. */
export function createSchedules(deps: VidetteClientDeps): Schedules {
  const { temporal } = deps;
  const handleOf = (scheduleId: string) => temporal.schedule.getHandle(scheduleId);
  const change = (id: string, work: () => Promise<void>) =>
    callTemporal(temporal, () => expectSchedule(id, work));
  return {
    create: (request) => callTemporal(temporal, () => createOfJobs(deps, request)),
    createRetraining: (request) => callTemporal(temporal, () => createOfRetrainings(deps, request)),
    list: () => callTemporal(temporal, () => listSchedules(temporal)),
    pause: (id) => change(id, () => handleOf(id).pause('Paused by Vidette.')),
    unpause: (id) => change(id, () => handleOf(id).unpause('Resumed by Vidette.')),
    trigger: (id) => change(id, () => handleOf(id).trigger('ALLOW_ALL')),
    delete: (id) => change(id, () => handleOf(id).delete()),
  };
}

async function createOfJobs(
  deps: VidetteClientDeps,
  request: ScheduleRequest,
): Promise<ScheduleInfo> {
  const input = parseScheduleRequest(request);
  const { video } = await findSources(deps, input);
  return create(deps, request, {
    memo: { video_id: input.video_id },
    action: {
      type: 'startWorkflow',
      workflowType: VIDEO_DETECTION,
      taskQueue: VIDEO_QUEUE,
      workflowId: workflowIdOf(request.schedule_id),
      args: [requestOf(input)],
      ...describeJob(input, video),
    },
  });
}

async function createOfRetrainings(
  deps: VidetteClientDeps,
  { model, options, ...times }: RetrainScheduleRequest,
): Promise<ScheduleInfo> {
  expectTimes(times);
  const request = parseRetrainRequest({ ...options, model });
  await deps.models.resolve(model);
  return create(deps, times, {
    memo: { model },
    action: {
      type: 'startWorkflow',
      workflowType: SCHEDULED_RETRAINING,
      taskQueue: VIDEO_QUEUE,
      workflowId: `scheduled-retraining/${times.schedule_id}`,
      args: [request],
    },
  });
}

async function create(
  { temporal }: VidetteClientDeps,
  times: ScheduleTimes,
  { memo, action }: Pick<ScheduleOptions, 'memo' | 'action'>,
): Promise<ScheduleInfo> {
  const { schedule_id, overlap = 'skip', catchup_s = CATCHUP_S, paused = false } = times;
  try {
    const handle = await temporal.schedule.create({
      scheduleId: schedule_id,
      spec: specOf(times),
      policies: { overlap: OVERLAP_POLICIES[overlap], catchupWindow: catchup_s * 1000 },
      memo: { ...memo, when: whenOf(times) },
      state: { paused },
      action,
    });
    await expectRuns(handle, times);
  } catch (error) {
    throw error instanceof ScheduleAlreadyRunning
      ? scheduleExists(schedule_id)
      : toRequestError(error, times);
  }
  const all = await listSchedules(temporal);
  return all.find((info) => info.schedule_id === schedule_id) ?? newInfo(times, memo);
}

/** Deletes a schedule without a next run, such as one for 30 February, which Temporal accepts. */
async function expectRuns(handle: ScheduleHandle, times: ScheduleTimes): Promise<void> {
  const { info } = await handle.describe();
  if (info.nextActionTimes.length > 0) return;
  await handle.delete();
  throw neverRuns(times);
}

function scheduleExists(scheduleId: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Schedule "${scheduleId}" already exists. Delete it first, or choose another id.`,
  );
}

function newInfo(times: ScheduleTimes, memo: ScheduleOptions['memo'] = {}): ScheduleInfo {
  const { schedule_id, paused = false } = times;
  return {
    ...{ schedule_id, video_id: textOf(memo['video_id']), model: textOf(memo['model']) },
    ...{ when: whenOf(times), paused, next: [], recent: [] },
  };
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
