import type { OpenedEvent, ProbedEvent } from '../domain/job/activity-contracts.js';
import type { SkippedFrame } from '../domain/result/result.js';
import type { Device } from '../domain/job/task-queues.js';

export interface DetectActivityOptions {
  /** Whether ranges without a worker may move to another device. */
  readonly mayChange: boolean;
  readonly eventId: string;
}

/** State that a run passes to the next one when it continues as new. */
export interface CarriedState {
  readonly event: OpenedEvent;
  readonly plan: ProbedEvent;
  readonly nextRange: number;
  readonly tally: Tally;
}

/** Counts over the finished ranges. */
export interface Tally {
  readonly frames: number;
  readonly skipped: number;
  /** Number of skipped frames on which the model failed, and one of them. */
  readonly failed: number;
  readonly failure?: SkippedFrame;
  readonly objects: number;
  readonly used: Partial<Record<Device, number>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly detectionStartedAt: number | null;
  readonly lastRangeAt: number | null;
  /** Task queues of the hosts that may have frames of the job. */
  readonly hosts: readonly string[];
}
