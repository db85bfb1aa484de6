import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys, VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { PROGRESS_QUERY, type Progress } from '../../domain/job/progress.js';
import type { DetectionResult } from '../../domain/result/result.js';
import type { JobOutcome } from '../../domain/job/activity-contracts.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { VideoDetection } from '../../workflows/index.js';

export type JobHandle = WorkflowHandleWithFirstExecutionRunId<typeof VideoDetection>;

/** Starts and reads jobs as any Temporal client does. */
export interface TestJobs {
  /** Starts a job under its event_id, or under the given id. */
  start(input: JobRequest, id?: string): Promise<JobHandle>;
  run(input: JobRequest, id?: string): Promise<JobOutcome>;
  progress(handle: JobHandle): Promise<Progress>;
  /** Resolves when this number of frames is done. */
  reached(handle: JobHandle, framesDone: number): Promise<void>;
  result(eventId: string): Promise<DetectionResult>;
}

/** @param client Client of a server whose workers run. */
export function createJobs(client: Client, objects: ObjectStore): TestJobs {
  const start: TestJobs['start'] = (input, id = input.event_id) => {
    if (id === undefined) throw new Error('A test job needs an id');
    return client.workflow.start<typeof VideoDetection>(VIDEO_DETECTION, {
      taskQueue: VIDEO_QUEUE,
      workflowId: workflowIdOf(id),
      args: [input],
    });
  };
  const progress = (handle: JobHandle) => handle.query<Progress>(PROGRESS_QUERY);
  return {
    start,
    run: async (input, id) => (await start(input, id)).result(),
    progress,
    reached: async (handle, framesDone) => {
      while ((await progress(handle)).frames_done < framesDone) await pause();
    },
    result: async (eventId) => {
      const data = await objects.get(BUCKETS.results, keys.result(eventId));
      return JSON.parse(data.toString('utf8')) as DetectionResult;
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
