import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOverlapPolicy,
  type ScheduleSpec,
  type ScheduleSummary,
} from '@temporalio/client';
import { AppError, messageOf } from '../../domain/errors.js';
import { eventIdOfWorkflow } from '../../domain/hash.js';
import { type JobRequest, parseJobInput } from '../../domain/job/job-input.js';
import { isId, VIDEO_DETECTION, workflowIdOf } from '../../domain/names.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { callTemporal, grpcStatusOf } from '../../domain/temporal-unavailable.js';
import type { VideoDetection } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { describeJob, resolveModel, statVideo } from './submit.js';

/** Policies for a run that is due while the previous one is still running. */
export const OVERLAPS = ['skip', 'buffer_one', 'allow_all', 'cancel_other'] as const;

export interface ScheduleRequest {
  readonly schedule_id: string;
  /** Input of each run; must not have an `event_id`, because each run is a new job. */
  readonly input: JobRequest;
  /** When it runs: either `cron` or `interval_s`. */
  readonly cron?: string;
  readonly interval_s?: number;
  /** Time zone of `cron`, such as `Europe/Berlin`; default: UTC. */
  readonly timezone?: string;
  readonly overlap?: (typeof OVERLAPS)[number];
  /** Seconds after which a run that was missed while Temporal was unavailable is skipped. */
  readonly catchup_s?: number;
  readonly paused?: boolean;
}

/** A schedule as listed; times are ISO 8601. */
export interface ScheduleInfo {
  readonly schedule_id: string;
  readonly video_id: string | null;
  /** When it runs, as text. */
  readonly when: string | null;
  readonly paused: boolean;
  readonly next: readonly string[];
  readonly recent: readonly { readonly event_id: string; readonly at: string }[];
}

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
const OVERLAP_POLICIES: Record<(typeof OVERLAPS)[number], ScheduleOverlapPolicy> = {
  skip: 'SKIP',
  buffer_one: 'BUFFER_ONE',
  allow_all: 'ALLOW_ALL',
  cancel_other: 'CANCEL_OTHER',
};

/** Creates the schedules API: each run of a schedule is a new job. */
export function createSchedules(deps: VidetteClientDeps): Schedules {
  const { temporal } = deps;
  const handleOf = (scheduleId: string) => temporal.schedule.getHandle(scheduleId);
  const change = (id: string, work: () => Promise<void>) =>
    callTemporal(temporal, () => expectSchedule(id, work));
  return {
    create: (request) => callTemporal(temporal, () => create(deps, request)),
    list: () => callTemporal(temporal, () => list(temporal)),
    pause: (id) => change(id, () => handleOf(id).pause('Paused by Vidette.')),
    unpause: (id) => change(id, () => handleOf(id).unpause('Resumed by Vidette.')),
    trigger: (id) => change(id, () => handleOf(id).trigger('ALLOW_ALL')),
    delete: (id) => change(id, () => handleOf(id).delete()),
  };
}

async function create(deps: VidetteClientDeps, request: ScheduleRequest): Promise<ScheduleInfo> {
  const { schedule_id, overlap = 'skip', catchup_s = CATCHUP_S, paused = false } = request;
  const input = parseRequest(request);
  const found = await statVideo(deps.objects, input.bucket, input.video_id);
  await resolveModel(deps, input);
  try {
    await deps.temporal.schedule.create<typeof VideoDetection>({
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
        args: [input],
        ...describeJob(input, found),
      },
    });
  } catch (error) {
    throw error instanceof ScheduleAlreadyRunning
      ? scheduleExists(schedule_id)
      : toRequestError(error, request);
  }
  const all = await list(deps.temporal);
  return all.find((info) => info.schedule_id === schedule_id) ?? newInfo(request);
}

function parseRequest(request: ScheduleRequest) {
  const { schedule_id, input, cron, interval_s, catchup_s } = request;
  if (!isId(schedule_id)) {
    throw invalid(
      `Expected a schedule id of letters, digits, "_" or "-", received "${schedule_id}".`,
    );
  }
  if (input.event_id !== undefined) {
    throw invalid(
      'A schedule cannot have a fixed event_id: each run is a new job with an id of schedule and time.',
    );
  }
  if ((cron === undefined) === (interval_s === undefined)) {
    throw invalid('A schedule needs either a cron expression or an interval.');
  }
  if (interval_s !== undefined && !(interval_s >= 1)) {
    throw invalid(`Expected an interval of at least 1 second, received ${interval_s}.`);
  }
  if (catchup_s !== undefined && !(catchup_s >= 10)) {
    throw invalid(`Expected a catch-up window of at least 10 seconds, received ${catchup_s}.`);
  }
  return parseJobInput(input);
}

function invalid(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

function scheduleExists(scheduleId: string): AppError {
  return invalid(`Schedule "${scheduleId}" already exists. Delete it first, or choose another id.`);
}

const INVALID_ARGUMENT = 3;

/** Temporal validates cron expressions and time zones, so its rejection is an input error. */
function toRequestError(error: unknown, request: ScheduleRequest): unknown {
  // Temporal's client turns an invalid argument into a TypeError.
  if (!(error instanceof TypeError) && grpcStatusOf(error) !== INVALID_ARGUMENT) return error;
  const message = `Temporal rejected the schedule ${whenOf(request)}: ${messageOf(error)}.`;
  return new AppError('INVALID_INPUT', message, {}, { cause: error });
}

function specOf({ cron, interval_s, timezone }: ScheduleRequest): ScheduleSpec {
  return {
    ...(cron !== undefined && { cronExpressions: [cron] }),
    ...(interval_s !== undefined && { intervals: [{ every: interval_s * 1000 }] }),
    ...(timezone !== undefined && { timezone }),
  };
}

function whenOf({ cron, interval_s, timezone }: ScheduleRequest): string {
  if (cron === undefined) return `every ${interval_s} s`;
  return timezone === undefined ? `${cron} (UTC)` : `${cron} (${timezone})`;
}

function newInfo(request: ScheduleRequest): ScheduleInfo {
  const { schedule_id, input, paused = false } = request;
  const { video_id } = input;
  return { schedule_id, video_id, when: whenOf(request), paused, next: [], recent: [] };
}

async function list(temporal: Client): Promise<ScheduleInfo[]> {
  const schedules: ScheduleInfo[] = [];
  for await (const summary of temporal.schedule.list()) {
    if (summary.action?.workflowType === VIDEO_DETECTION) schedules.push(infoOf(summary));
  }
  return schedules;
}

function infoOf({ scheduleId, memo, state, info }: ScheduleSummary): ScheduleInfo {
  return {
    schedule_id: scheduleId,
    video_id: textOf(memo?.video_id),
    when: textOf(memo?.when),
    paused: state.paused,
    next: info.nextActionTimes.slice(0, 3).map((time) => time.toISOString()),
    recent: info.recentActions.map(({ action, takenAt }) => ({
      event_id: eventIdOfWorkflow(action.workflow.workflowId),
      at: takenAt.toISOString(),
    })),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
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
