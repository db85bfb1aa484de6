import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { GAP_REASONS } from '../../domain/stream/gap.js';
import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';
import type { RunFacts, WatchFacts } from './run-facts.js';
import type { Stream } from './types.js';

/** State of a camera, with numbers of its rows. */
type Condition = Pick<
  Stream,
  'state' | 'since' | 'message' | 'frame_number' | 'fps' | 'lag_ms' | 'frame_size'
>;

/** Sources of the view of a scenario; at least one of them is known. */
export interface StreamSources {
  readonly scenario_uuid: string;
  readonly document: ScenarioDocument | undefined;
  readonly run: RunFacts | undefined;
  /** Reason why a workflow without a document has failed. */
  readonly failure?: string | undefined;
}

/** Describes a scenario. */
export function viewStream({
  scenario_uuid,
  document: found,
  run,
  failure,
}: StreamSources): Stream {
  // The document of a scenario that ran before under this id.
  const isOwn = !run || found?.run_id === run.firstRunId;
  const document = isOwn ? found : undefined;
  const startedAt = document?.created_at ?? run?.startedAt ?? new Date(0);
  // Temporal forgets old runs: one without an end was terminated at an unknown instant.
  const endedAt =
    document?.end?.ended_at ?? (run?.isOpen ? undefined : (run?.closedAt ?? startedAt));
  return {
    scenario_uuid,
    worker_id: document?.scenario.worker_id ?? null,
    ...conditionOf(document, run, failure),
    camera: document?.camera ?? null,
    parameters: document?.scenario ?? null,
    model: document?.model ?? null,
    started_at: startedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
    outcome: document?.end?.outcome ?? null,
    workflow_id: streamWorkflowIdOf(scenario_uuid),
  };
}

function conditionOf(
  document: ScenarioDocument | undefined,
  run: RunFacts | undefined,
  failure: string | undefined,
): Condition {
  if (run?.isOpen) return openCondition(run);
  const end = document?.end;
  const since = end?.ended_at ?? run?.closedAt;
  const state = end?.state ?? 'stopped';
  const reason = end?.error ?? failure ?? (end ? ENDS[state] : TERMINATED);
  return { ...idle(state, reason), since: since?.toISOString() ?? null };
}

const ENDS: Readonly<Record<'stopped' | 'ended', string>> = {
  stopped: 'The scenario was stopped.',
  ended: 'The file has ended.',
};
const TERMINATED = 'The workflow was terminated in Temporal. Deploy the scenario again.';

function openCondition({ desired, since, watch, startedAt }: RunFacts): Condition {
  if (desired === 'paused') {
    return { ...idle('paused', GAP_REASONS.paused), since: since ?? null };
  }
  if (desired === 'stopped') {
    return { ...idle('stopped', 'The scenario is being stopped.'), since: since ?? null };
  }
  if (watch) return watchCondition(watch);
  return { ...idle('waiting', 'The scenario is being started.'), since: startedAt.toISOString() };
}

function watchCondition({ isStarted, scheduledAt, failure, beat }: WatchFacts): Condition {
  const since = scheduledAt?.toISOString() ?? null;
  const frame_number = beat?.frame_number ?? null;
  if (!isStarted) {
    const message = failure ?? GAP_REASONS.waiting_slot;
    return { ...idle('waiting', message), since, frame_number };
  }
  if (!beat) return { ...idle('connecting', GAP_REASONS.connecting), since };
  const { state, since: changedAt, message, fps, lag_ms, frame_size } = beat;
  return { state, since: changedAt, message, frame_number, fps, lag_ms, frame_size };
}

function idle<S extends Stream['state']>(state: S, message: string) {
  return { state, message, frame_number: null, fps: 0, lag_ms: null, frame_size: null };
}
