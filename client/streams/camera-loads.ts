import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import { STREAM_DETECTION } from '../../domain/names.js';
import { scenarioUuidOf } from '../../domain/workflow-ids.js';
import type { StreamLoad } from '../../domain/stream/scenario-contracts.js';
import { readWatch } from './run-facts.js';

/** Load of a camera that has a slot of a stream worker. */
export interface CameraLoad extends Partial<StreamLoad> {
  readonly scenario_uuid: string;
}

/** Scenarios that are described at the same time. */
const CONCURRENCY = 8;

/** Reads the load of all cameras that have a slot, from their last heartbeats. */
export async function readCameraLoads(temporal: Client): Promise<CameraLoad[]> {
  const uuids: string[] = [];
  const query = `WorkflowType = '${STREAM_DETECTION}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    const uuid = scenarioUuidOf(workflowId);
    if (uuid !== undefined) uuids.push(uuid);
  }
  const loads = await pMap(uuids, (uuid) => readLoad(temporal, uuid), { concurrency: CONCURRENCY });
  return loads.filter((load) => load !== undefined);
}

async function readLoad(temporal: Client, scenario_uuid: string): Promise<CameraLoad | undefined> {
  const watch = await readWatch(temporal, scenario_uuid);
  if (!watch?.isStarted) return undefined;
  const { rows_behind, frames_dropped } = watch.beat ?? {};
  return {
    scenario_uuid,
    ...(rows_behind !== undefined && { rows_behind }),
    ...(frames_dropped !== undefined && { frames_dropped }),
  };
}
