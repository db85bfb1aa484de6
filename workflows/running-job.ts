import type { OpenedEvent, ProbedEvent } from '../domain/job/activity-contracts.js';
import type { Device } from '../domain/job/task-queues.js';
import type { JobProgress } from './job-progress.js';

/** A job whose event is open. */
export interface RunningJob {
  readonly event: OpenedEvent;
  readonly progress: JobProgress;
}

/** A job whose video is probed. */
export interface PlannedJob extends RunningJob {
  readonly plan: ProbedEvent;
  /** Device of the next range; `auto` jobs may change it. */
  device: Device;
}
