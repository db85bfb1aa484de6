import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { expect, it } from 'vitest';
import { readCameraLoads } from './camera-loads.js';

const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED, PENDING_ACTIVITY_STATE_STARTED: STARTED } =
  proto.temporal.api.enums.v1.PendingActivityState;
const uuidOf = (digit: number) => `5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3${digit}`;

/** A pending activity with its last heartbeat. */
function activity(name: string, state: number, beat?: object) {
  const payloads = beat ? [defaultPayloadConverter.toPayload(beat)] : [];
  return { activityType: { name }, state, heartbeatDetails: { payloads } };
}

/** A client of Temporal that has the pending activity of each workflow. */
function clientOf(runs: Readonly<Record<string, ReturnType<typeof activity> | undefined>>): Client {
  const list = async function* () {
    for (const workflowId of Object.keys(runs)) yield await Promise.resolve({ workflowId });
  };
  const getHandle = (id: string) => ({
    describe: () => Promise.resolve({ raw: { pendingActivities: runs[id] ? [runs[id]] : [] } }),
  });
  const loadedDataConverter = { payloadCodecs: [], payloadConverter: defaultPayloadConverter };
  const client = { workflow: { list, getHandle }, options: { loadedDataConverter } };
  return client as unknown as Client; // the calls that read loads
}

it('reads the load of the cameras that have a slot', async () => {
  const beat = { state: 'live', rows_behind: 20, frames_dropped: 3 };
  const client = clientOf({
    [`stream/${uuidOf(1)}`]: activity('watchCamera', STARTED, beat),
    [`stream/${uuidOf(2)}`]: activity('watchCamera', STARTED),
    [`stream/${uuidOf(3)}`]: activity('watchCamera', SCHEDULED, beat),
    [`stream/${uuidOf(4)}`]: activity('openScenario', STARTED),
    [`stream/${uuidOf(5)}`]: undefined,
    'another-id': activity('watchCamera', STARTED, beat),
  });
  expect(await readCameraLoads(client)).toEqual([
    { scenario_uuid: uuidOf(1), rows_behind: 20, frames_dropped: 3 },
    { scenario_uuid: uuidOf(2) },
  ]);
});
