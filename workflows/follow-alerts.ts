import { isCancellation, log } from '@temporalio/workflow';
import type { JobRequest } from '../domain/job/job-input.js';
import { wholeVideoActivities } from './activity-proxies.js';
import type { PlannedJob } from './running-job.js';

/** Compares the ranges of a job with its rules, as they are stored. */
export interface AlertFollower {
  /** Reports a range that is stored, in any order. */
  stored(range: number): void;
  /** Resolves when the ranges that are stored without one missing before them are compared. */
  settle(): Promise<void>;
}

const IDLE: AlertFollower = { stored: () => undefined, settle: () => Promise.resolve() };

/**
 * Follows the ranges of a job from one on, if it has rules. Ranges are compared in order, because a rule
 * may need objects of several; those that are stored in the meantime are compared together. A
 * comparison that fails does not fail the job.
 */
export function followAlerts(
  { event, plan }: PlannedJob,
  rules: JobRequest['alerts'],
  from: number,
): AlertFollower {
  if (!rules || rules.length === 0) return IDLE;
  const { event_id, video_id, created_at, page_url } = event;
  const waiting = new Set<number>();
  let next = from;
  let isFailed = false;
  let running: Promise<void> | undefined;

  const compare = async () => {
    while (waiting.has(next) && !isFailed) {
      const start = next;
      while (waiting.delete(next)) next++;
      const page = page_url === undefined ? {} : { page_url };
      const job = { event_id, video_id, created_at, plan_key: plan.plan_key, ...page };
      try {
        await wholeVideoActivities.checkAlerts({ ...job, rules, from: start, to: next });
      } catch (error) {
        isFailed = true;
        if (!isCancellation(error)) log.error('alerts not checked', { reason: String(error) });
      }
    }
  };
  const start = () => {
    if (running || isFailed || !waiting.has(next)) return;
    running = compare().finally(() => {
      running = undefined;
      start();
    });
  };
  return {
    stored: (range) => {
      waiting.add(range);
      start();
    },
    settle: async () => {
      while (running) await running;
    },
  };
}
