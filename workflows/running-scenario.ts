import { workflowInfo } from '@temporalio/workflow';
import type { OwnerRun } from '../domain/job/activity-contracts.js';
import type { GapReason } from '../domain/stream/gap.js';
import type { OpenedScenario } from '../domain/stream/scenario-contracts.js';
import type { DesiredState } from '../domain/stream/scenario-control.js';

/** State that a run passes to the next one when it continues as new. */
export interface CarriedScenario {
  readonly opened: OpenedScenario;
  readonly desired: DesiredState;
  readonly since: string;
  readonly started_at: string;
  readonly host_queue: string | null;
  readonly absence: GapReason;
}

/** State of the workflow of a scenario. */
export interface RunningScenario {
  /** Undefined until the input has been checked; its window is that of the next activity. */
  opened: OpenedScenario | undefined;
  desired: DesiredState;
  /** Instant at which `desired` was changed last, in ISO 8601. */
  since: string;
  /** Start of the first run, in ISO 8601. */
  readonly startedAt: string;
  /** Queue of the host in which the camera may be running; null for any. */
  hostQueue: string | null;
  /** Reason for the time before the next activity. */
  absence: GapReason;
  /** Requests the end of the activity that watches the camera. */
  interrupt: () => void;
}

export function createRunningScenario(carried: CarriedScenario | undefined): RunningScenario {
  const now = workflowInfo().startTime.toISOString();
  return {
    opened: carried?.opened,
    desired: carried?.desired ?? 'running',
    since: carried?.since ?? now,
    startedAt: carried?.started_at ?? now,
    hostQueue: carried?.host_queue ?? null,
    absence: carried?.absence ?? 'starting',
    interrupt: () => undefined,
  };
}

/** Id of the first run, which stays the same when the scenario continues as new. */
export function ownerRun(): OwnerRun {
  return { first_run_id: workflowInfo().firstExecutionRunId };
}
