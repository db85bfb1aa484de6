import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { BUCKETS } from '../../domain/names.js';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { logKeys } from '../../domain/stream/log/log-keys.js';
import { deleteRun, describeRun, isRunning } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { controlStream } from './control.js';
import { readStream } from './read-stream.js';

/** Time in which a scenario that was stopped must have ended to be deleted, in ms. */
const STOP_MS = 60_000;
/** Time for which the deletion of a run is awaited, in ms. */
const DELETE_MS = 10_000;
const POLL_MS = 250;
/** Instant after all events, in ms since 1970. */
const END_OF_TIME = Date.UTC(9999, 11, 31);

/**
 * Stops a scenario and deletes everything that it stored: rows, clips, events, the URL with which it
 * was deployed, and its runs in Temporal. A camera that was added on its own is kept. Can be repeated.
 * @throws AppError `SCENARIO_NOT_FOUND`.
 */
export async function deleteStream(deps: VidetteClientDeps, scenarioUuid: string): Promise<void> {
  const { documents, objects } = deps;
  const { scenario_uuid } = await controlStream(deps, scenarioUuid, 'stop');
  await waitForEnd(deps, scenario_uuid);
  for await (const key of objects.list(BUCKETS.streams, logKeys.scenario(scenario_uuid))) {
    await objects.remove(BUCKETS.streams, key);
  }
  await documents.streamEvents.deleteBefore(scenario_uuid, END_OF_TIME);
  await documents.alerts.removeOfCamera(scenario_uuid, new Date(END_OF_TIME));
  await documents.sightings.removeOfCamera(scenario_uuid, new Date(END_OF_TIME));
  const cameras = await documents.cameras.list();
  for (const { camera_id } of cameras.filter((camera) => camera.scenario_uuid === scenario_uuid)) {
    await documents.cameras.remove(camera_id);
  }
  await documents.scenarios.remove(scenario_uuid);
  await deleteRuns(deps.temporal, streamWorkflowIdOf(scenario_uuid));
}

/** Deletes the runs of a workflow that has ended, one per day; waits for that of the newest. */
async function deleteRuns(temporal: Client, workflowId: string): Promise<void> {
  const newest = await describeRun(temporal, workflowId);
  if (newest && isRunning(newest)) return; // the scenario was deployed again
  const runs = new Set(newest ? [newest.runId] : []);
  const query = `WorkflowId = '${workflowId}' AND ExecutionStatus != 'Running'`;
  for await (const { runId } of temporal.workflow.list({ query })) runs.add(runId);
  for (const runId of runs) await deleteRun(temporal, { workflowId, runId });
  // The server deletes in the background, and repeats it until it is done.
  const deadline = Date.now() + DELETE_MS;
  while (newest && Date.now() < deadline) {
    if (!(await describeRun(temporal, workflowId, newest.runId))) return;
    await sleep(POLL_MS);
  }
}

async function waitForEnd(deps: VidetteClientDeps, uuid: string): Promise<void> {
  const deadline = Date.now() + STOP_MS;
  while ((await readStream(deps, uuid)).ended_at === null) {
    if (Date.now() > deadline) {
      throw new AppError(
        'SERVER_UNAVAILABLE',
        `The scenario ${uuid} was requested to stop, but has not ended within ${STOP_MS / 1000} s. ` +
          'Check that a stream worker is running, and delete it again.',
        { server: 'stream worker' },
      );
    }
    await sleep(POLL_MS);
  }
}
