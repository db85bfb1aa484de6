import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { STREAM_DETECTION } from '../../domain/names.js';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { type CheckedAccount, createAccountant } from '../../domain/stream/account.js';
import type { LogEntry } from '../../domain/stream/entry.js';
import { type LogRef, readFences } from '../../domain/stream/log/fence.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import type { ScenarioStatus, StreamHeartbeat } from '../../domain/stream/scenario-contracts.js';
import { STATUS_QUERY } from '../../domain/stream/scenario-control.js';
import type { ScenarioRequest } from '../../domain/stream/scenario-input.js';
import type { StreamDetection } from '../../workflows/index.js';
import type { ConnectedStack } from './connected-stack.js';

export type ScenarioHandle = WorkflowHandleWithFirstExecutionRunId<typeof StreamDetection>;

/** A scenario on a stack, as any Temporal client starts and reads it. */
export interface TestScenario {
  readonly uuid: string;
  readonly handle: ScenarioHandle;
  status(): Promise<ScenarioStatus>;
  /** Details of the last heartbeat; undefined while no activity runs. */
  heartbeat(): Promise<StreamHeartbeat | undefined>;
  /** Id of the activity that watches the camera or waits for a slot; undefined without one. */
  activityId(): Promise<string | undefined>;
  /** Entries of the log so far. */
  entries(): Promise<LogEntry[]>;
  /** Account of the log so far. */
  account(): Promise<CheckedAccount | undefined>;
}

/** Starts a scenario with a uuid of its own. */
export async function startScenario(
  { client, objects }: Pick<ConnectedStack, 'client' | 'objects'>,
  input: Omit<ScenarioRequest, 'scenario_uuid'>,
  uuid: string = randomUUID(),
): Promise<TestScenario> {
  const handle = await client.workflow.start<typeof StreamDetection>(STREAM_DETECTION, {
    taskQueue: VIDEO_QUEUE,
    workflowId: streamWorkflowIdOf(uuid),
    args: [{ scenario_uuid: uuid, ...input }],
  });
  const log = { store: objects, uuid };
  return {
    ...{ uuid, handle },
    status: () => handle.query<ScenarioStatus>(STATUS_QUERY),
    heartbeat: async () => {
      const data = (await findActivity(client, handle.workflowId))?.heartbeatDetails?.payloads?.[0]
        ?.data;
      return data ? (JSON.parse(Buffer.from(data).toString('utf8')) as StreamHeartbeat) : undefined;
    },
    activityId: async () =>
      (await findActivity(client, handle.workflowId))?.activityId ?? undefined,
    entries: async () => (await readStretches(log)).flatMap(({ entries }) => entries),
    account: () => readAccount(log),
  };
}

async function findActivity(client: Client, workflowId: string) {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return raw.pendingActivities?.[0];
}

/** Reads a log so far, again if a new owner takes it over: it shows nothing new in the meantime. */
async function readStretches(log: LogRef): Promise<NumberedStretch[]> {
  for (; ; await sleep(100)) {
    const { opened, based } = await readFences(log);
    const stretches: NumberedStretch[] = [];
    for await (const stretch of createLogReader(log).readNew()) stretches.push(stretch);
    const isSettled = opened === based && (await readFences(log)).opened === opened;
    if (isSettled) return stretches;
  }
}

async function readAccount(log: LogRef): Promise<CheckedAccount | undefined> {
  const accountant = createAccountant();
  for (const stretch of await readStretches(log)) accountant.add(stretch);
  return accountant.finish();
}
