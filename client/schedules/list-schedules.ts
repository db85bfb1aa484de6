import type { Client, ScheduleSummary } from '@temporalio/client';
import { eventIdOfWorkflow } from '../../domain/hash.js';
import { VIDEO_DETECTION } from '../../domain/names.js';

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

/** Lists the schedules that start jobs. */
export async function listSchedules(temporal: Client): Promise<ScheduleInfo[]> {
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
