import {
  executeChild,
  isCancellation,
  ParentClosePolicy,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { BUCKETS, keys } from '../domain/names.js';
import type { RescoreRequest } from '../domain/rescore/rescore-request.js';
import type { ListedPast, OpenedRescore, RescoreReport } from '../domain/rescore/rescore.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { batchWorkflowIdOf, imageBatchWorkflowIdOf } from '../domain/workflow-ids.js';
import { controlActivities, wholeVideoActivities } from './activity-proxies.js';
import { PredictBatch } from './predict-batch.js';
import { trackRescore } from './rescore-progress.js';
import { throwToUser } from './user-failure.js';
import { VideoBatch } from './video-batch.js';

/** Seconds between two looks at work that runs already, elsewhere: from the first to the longest. */
const WAIT_S = 5;
const WAIT_MAX_S = 300;

/**
 * Runs another model over what a model has predicted, kept images as a batch of images and finished
 * jobs as batches of videos, and reports what would have changed. What is stored is never done again
 * or overwritten, so that a rescoring that ended in any way continues when it is started again.
 */
export async function RescorePast(request: RescoreRequest): Promise<RescoreReport> {
  const progress = trackRescore();
  try {
    const started_at = workflowInfo().startTime.toISOString();
    const { sealed, ...rescore } = await controlActivities.openRescore({ request, started_at });
    progress.open({ ...rescore, ...(sealed && { sealed }) });
    progress.set({ stage: 'listing' });
    const past = await wholeVideoActivities.listPast(rescore);
    progress.set({ stage: 'images', images: past.images, jobs: past.jobs });
    if (past.images > 0) await predictImages(rescore);
    progress.set({ stage: 'jobs' });
    await runJobs(past);
    progress.set({ stage: 'comparing' });
    const report = await wholeVideoActivities.comparePast(rescore);
    progress.finish(report);
    return report;
  } catch (error) {
    progress.fail(isCancellation(error) ? 'cancelled' : 'failed');
    return throwToUser(error);
  }
}

/** Predicts on the images; one that was removed in the meantime has a row with an error. */
async function predictImages({ rescore_id, model, conf }: OpenedRescore): Promise<void> {
  const request = {
    ...{ batch_id: rescore_id, bucket: BUCKETS.pictures, list: keys.rescoreKeys(rescore_id) },
    ...{ model: `${model.name}@${model.version}`, conf, max_failed: 1 },
  };
  const options = {
    workflowId: imageBatchWorkflowIdOf(rescore_id),
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.batch, value: rescore_id }],
  };
  await whenFree(() => executeChild(PredictBatch, { ...options, args: [request] }));
}

/** Runs the jobs, and waits for those that run already for someone else. */
async function runJobs({ batches }: ListedPast): Promise<void> {
  for (const batch_id of batches) {
    for (let waitS = WAIT_S; ; waitS = Math.min(2 * waitS, WAIT_MAX_S)) {
      const options = {
        workflowId: batchWorkflowIdOf(batch_id),
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      };
      const run = () => executeChild(VideoBatch, { ...options, args: [{ batch_id }] });
      const { joined } = await whenFree(run);
      if (joined === 0) break;
      await sleep(waitS * 1000);
    }
  }
}

/** Starts a child; one that an earlier run of this workflow has left behind ends first. */
async function whenFree<T>(start: () => Promise<T>): Promise<T> {
  for (let waitS = WAIT_S; ; waitS = Math.min(2 * waitS, WAIT_MAX_S)) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(waitS * 1000);
    }
  }
}
