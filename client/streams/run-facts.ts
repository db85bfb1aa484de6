import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import type { ScenarioStatus, StreamHeartbeat } from '../../domain/stream/scenario-contracts.js';
import { type DesiredState, STATUS_QUERY } from '../../domain/stream/scenario-control.js';
import { readPayloads } from '../../domain/temporal-payloads.js';
import { describeRun, isRunning } from '../../domain/temporal-runs.js';

/** The activity that watches a camera. */
export interface WatchFacts {
  /** Whether a worker runs it; otherwise it waits for a slot. */
  readonly isStarted: boolean;
  readonly scheduledAt: Date | undefined;
  /** Message of the failure of the attempt before. */
  readonly failure: string | undefined;
  /** Last heartbeat, also of an attempt before. */
  readonly beat: StreamHeartbeat | undefined;
}

/** What Temporal knows about a scenario. */
export interface RunFacts {
  readonly isOpen: boolean;
  /** First run of the workflow, which stays the same when it continues as new. */
  readonly firstRunId: string;
  readonly startedAt: Date;
  readonly closedAt: Date | undefined;
  readonly desired: DesiredState | undefined;
  /** Instant at which `desired` was changed, in ISO 8601; only for a scenario that is not watched. */
  readonly since: string | undefined;
  /** Undefined while no activity is scheduled. */
  readonly watch: WatchFacts | undefined;
  /** Fingerprint with which a client of Vidette started it. */
  readonly fingerprint: string | undefined;
}

/** Key of the fingerprint in the memo of a workflow. */
export const FINGERPRINT_MEMO = 'fingerprint';

const QUERY_TIMEOUT_MS = 3000;
const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED } =
  proto.temporal.api.enums.v1.PendingActivityState;

/** Reads what Temporal knows about the newest run of a scenario; undefined if it knows none. */
export async function readRunFacts(
  temporal: Client,
  scenarioUuid: string,
): Promise<RunFacts | undefined> {
  const run = await describeRun(temporal, streamWorkflowIdOf(scenarioUuid));
  if (!run) return undefined;
  const isOpen = isRunning(run);
  const watch = await watchOf(temporal, run);
  const status = isOpen && !watch ? await queryStatus(temporal, run) : undefined;
  const indexed = run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.streamState);
  return {
    isOpen,
    firstRunId: run.raw.workflowExecutionInfo?.firstRunId || run.runId,
    startedAt: run.startTime,
    closedAt: run.closeTime,
    desired: status?.desired ?? (indexed as DesiredState | undefined),
    since: status?.since,
    watch,
    fingerprint: textOf(run.memo?.[FINGERPRINT_MEMO]),
  };
}

/** Reads how a scenario is watched; undefined if no activity is scheduled. */
export async function readWatch(
  temporal: Client,
  scenarioUuid: string,
): Promise<WatchFacts | undefined> {
  const run = await describeRun(temporal, streamWorkflowIdOf(scenarioUuid));
  return run && watchOf(temporal, run);
}

async function watchOf(
  temporal: Client,
  { raw }: WorkflowExecutionDescription,
): Promise<WatchFacts | undefined> {
  const isWatch = (name: string | null | undefined) => name === 'watchCamera';
  const pending = raw.pendingActivities?.find(({ activityType }) => isWatch(activityType?.name));
  if (!pending) return undefined;
  const payloads = pending.heartbeatDetails?.payloads?.slice(0, 1) ?? [];
  const [beat] = await readPayloads(temporal, payloads);
  const seconds = pending.scheduledTime?.seconds;
  return {
    isStarted: pending.state !== SCHEDULED,
    scheduledAt: seconds == null ? undefined : new Date(Number(seconds) * 1000),
    failure: pending.lastFailure?.message ?? undefined,
    beat: isBeat(beat) ? beat : undefined,
  };
}

function isBeat(details: unknown): details is StreamHeartbeat {
  return typeof details === 'object' && details !== null && 'state' in details;
}

/** Queries what a scenario is meant to do; undefined if its workflow does not answer soon. */
async function queryStatus(
  temporal: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<ScenarioStatus | undefined> {
  const handle = temporal.workflow.getHandle(workflowId, runId);
  const query = () => handle.query<ScenarioStatus>(STATUS_QUERY);
  // A workflow without a worker, or one that has just closed: its description is enough.
  return temporal.withDeadline(Date.now() + QUERY_TIMEOUT_MS, query).catch(() => undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
