import type { Client, ScheduleSummary } from '@temporalio/client';
import { eventIdOfWorkflow } from '../../domain/hash.js';
import { SCHEDULED_RETRAINING } from '../../domain/retrain/retrain.js';
import { VIDEO_DETECTION } from '../../domain/names.js';

/** A schedule as listed; times are ISO 8601. */
export interface ScheduleInfo {
  readonly schedule_id: string;
  /** Video of its jobs; null for retrainings. */
  readonly video_id: string | null;
  /** Model of its retrainings; null for jobs. */
  readonly model: string | null;
  /** When it runs, as text. */
  readonly when: string | null;
  readonly paused: boolean;
  readonly next: readonly string[];
  /** Recent runs; a retraining has no event. */
  readonly recent: readonly { readonly event_id: string | null; readonly at: string }[];
}

/** Lists the schedules that start jobs or retrainings. */
export async function listSchedules(temporal: Client): Promise<ScheduleInfo[]> {
  const schedules: ScheduleInfo[] = [];
  for await (const summary of temporal.schedule.list()) {
    const type = summary.action?.workflowType;
    if (type === VIDEO_DETECTION || type === SCHEDULED_RETRAINING) schedules.push(infoOf(summary));
  }
  return schedules;
}

function infoOf({ scheduleId, memo, state, info, action }: ScheduleSummary): ScheduleInfo {
  const isOfJobs = action?.workflowType === VIDEO_DETECTION;
  return {
    schedule_id: scheduleId,
    video_id: textOf(memo?.video_id),
    model: textOf(memo?.model),
    when: textOf(memo?.when),
    paused: state.paused,
    next: info.nextActionTimes.slice(0, 3).map((time) => time.toISOString()),
    recent: info.recentActions.map(({ action: { workflow }, takenAt }) => ({
      event_id: isOfJobs ? eventIdOfWorkflow(workflow.workflowId) : null,
      at: takenAt.toISOString(),
    })),
  };
}

/** Returns a text; null for any other value. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
