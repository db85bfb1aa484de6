/** Signals of the workflow `StreamDetection`: contracts with the Temporal CLI and schedules. */
export const STREAM_SIGNALS = { pause: 'pause', resume: 'resume', stop: 'stop' } as const;

export type StreamAction = keyof typeof STREAM_SIGNALS;

/** Query that returns a {@link ScenarioStatus}. */
export const STATUS_QUERY = 'status';

/** Update that takes a {@link ScenarioChange} and returns the new {@link SealedScenario}. */
export const CONFIGURE_UPDATE = 'configure';

/** Input of the workflow `ControlStream`. */
export interface ControlInput {
  readonly scenario_uuid: string;
  readonly action: StreamAction;
}

/** What a scenario is meant to do; whether its camera is live is in the heartbeat details. */
export type DesiredState = 'running' | 'paused' | 'stopped';
