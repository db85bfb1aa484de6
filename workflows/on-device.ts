import { ActivityFailure, TimeoutFailure } from '@temporalio/workflow';
import type { JobInput } from '../domain/job/job-input.js';
import type { Device } from '../domain/job/task-queues.js';
import { controlActivities } from './activity-proxies.js';

/**
 * Runs an activity on the device of a job; device `auto` leaves the GPU only if no GPU worker polls.
 * @param current device of the next activity, which may change.
 */
export async function onDevice<T>(
  current: { device: Device },
  asked: JobInput['device'],
  run: (device: Device, mayChange: boolean) => Promise<T>,
): Promise<T> {
  for (;;) {
    const mayChange = asked === 'auto' && current.device === 'gpu';
    try {
      return await run(current.device, mayChange);
    } catch (error) {
      if (!mayChange || !isNotStarted(error)) throw error;
      current.device = await controlActivities.chooseDevice({ asked: 'auto' });
    }
  }
}

/** Whether no worker started an activity in time. */
export function isNotStarted(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}
