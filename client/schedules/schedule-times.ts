import type { ScheduleOverlapPolicy, ScheduleSpec } from '@temporalio/client';
import { AppError, messageOf } from '../../domain/errors.js';
import { isId } from '../../domain/names.js';
import { grpcStatusOf } from '../../domain/temporal-unavailable.js';

/** Policies for a run that is due while the previous one is still running. */
export const OVERLAPS = ['skip', 'buffer_one', 'allow_all', 'cancel_other'] as const;

/** Name of a schedule and when it runs: either `cron` or `interval_s`. */
export interface ScheduleTimes {
  readonly schedule_id: string;
  readonly cron?: string;
  readonly interval_s?: number;
  /** Time zone of `cron`, such as `Europe/Berlin`; default: UTC. */
  readonly timezone?: string;
  readonly overlap?: (typeof OVERLAPS)[number];
  /** Seconds after which a run that was missed while Temporal was unavailable is skipped. */
  readonly catchup_s?: number;
  readonly paused?: boolean;
}

export const OVERLAP_POLICIES: Record<(typeof OVERLAPS)[number], ScheduleOverlapPolicy> = {
  skip: 'SKIP',
  buffer_one: 'BUFFER_ONE',
  allow_all: 'ALLOW_ALL',
  cancel_other: 'CANCEL_OTHER',
};

/** @throws AppError `INVALID_INPUT` for an invalid name or time. */
export function expectTimes({ schedule_id, cron, interval_s, catchup_s }: ScheduleTimes): void {
  if (!isId(schedule_id)) {
    throw invalid(
      `Expected a schedule id of letters, digits, "_" or "-", received "${schedule_id}".`,
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
}

function invalid(message: string): AppError {
  return new AppError('INVALID_INPUT', message);
}

/** Returns when a schedule runs, for Temporal. */
export function specOf({ cron, interval_s, timezone }: ScheduleTimes): ScheduleSpec {
  return {
    ...(cron !== undefined && { cronExpressions: [cron] }),
    ...(interval_s !== undefined && { intervals: [{ every: interval_s * 1000 }] }),
    ...(timezone !== undefined && { timezone }),
  };
}

/** Returns when a schedule runs, as text. */
export function whenOf({ cron, interval_s, timezone }: ScheduleTimes): string {
  if (cron === undefined) return `every ${interval_s} s`;
  return timezone === undefined ? `${cron} (UTC)` : `${cron} (${timezone})`;
}

/** Error for a schedule whose expression matches no time. */
export function neverRuns(times: ScheduleTimes): AppError {
  return invalid(
    `The schedule ${whenOf(times)} never runs: its expression matches no date. Correct its day and month.`,
  );
}

const INVALID_ARGUMENT = 3;

/** Temporal validates cron expressions and time zones, so its rejection is an input error. */
export function toRequestError(error: unknown, times: ScheduleTimes): unknown {
  // Temporal's client turns an invalid argument into a TypeError.
  if (!(error instanceof TypeError) && grpcStatusOf(error) !== INVALID_ARGUMENT) return error;
  const message = `Temporal rejected the schedule ${whenOf(times)}: ${messageOf(error)}.`;
  return new AppError('INVALID_INPUT', message, {}, { cause: error });
}
