import type { DesiredState } from '../stream/scenario-control.js';

/** A run of the workflow of a scenario. */
export interface ScenarioRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Workflows of scenarios, as their activities need them. */
export interface ScenarioRuns {
  /** What the scenario is meant to do; undefined if its workflow does not answer soon. */
  desired(run: ScenarioRun): Promise<DesiredState | undefined>;
}
