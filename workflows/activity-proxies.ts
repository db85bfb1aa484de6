import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  proxyActivities,
} from '@temporalio/workflow';
import type {
  DetectActivities,
  HostActivities,
  StreamActivities,
  TrainActivities,
  VideoActivities,
} from '../activities/index.js';
import type { DetectActivityOptions } from './types.js';
import { fairnessKeyOf } from '../domain/workflow-ids.js';
import {
  DETECT_QUEUES,
  type Device,
  STREAM_QUEUE,
  TRAIN_QUEUE,
  VIDEO_QUEUE,
} from '../domain/job/task-queues.js';

/**
 * Options of most activities. They are limited by time, not by a number of attempts: a deployment or
 * a hung worker uses up attempts although the video is fine.
 */
const shared = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: '10s',
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} as const;

/** Timeout for a heartbeat of an activity that may compute for a while without a pause. */
const COMPUTING_HEARTBEAT = '60s';

/** Time for the download of images before a training and for the upload after it, in seconds. */
const PREPARATION_S = 3600;

/** Short activities. */
export const controlActivities = proxyActivities<
  Pick<
    VideoActivities,
    | (
        | 'openEvent'
        | 'chooseDevice'
        | 'closeEvent'
        | 'readBatch'
        | 'openScenario'
        | 'changeScenario'
      )
    | ('openImageBatch' | 'closeImageBatch')
    | ('openRetrain' | 'closeRetrain' | 'openRescore')
  >
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  heartbeatTimeout: undefined,
  startToCloseTimeout: '30s',
});

/** Webhooks; a receiver may be unavailable for hours. */
export const webhookActivities = proxyActivities<Pick<VideoActivities, 'notifyWebhook'>>({
  taskQueue: VIDEO_QUEUE,
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** Delivery of alerts; a receiver may be unavailable for hours. @param once whether there is one attempt */
export function alertActivities(
  once: boolean,
): ActivityInterfaceFor<Pick<VideoActivities, 'deliverAlert'>> {
  return proxyActivities({
    taskQueue: VIDEO_QUEUE,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    startToCloseTimeout: '60s',
    scheduleToCloseTimeout: '24h',
    retry: {
      ...{ initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
      ...(once && { maximumAttempts: 1 }),
    },
  });
}

/** Activities that read or write the data of a whole video, scenario, batch of images or data set. */
export const wholeVideoActivities = proxyActivities<
  Pick<
    VideoActivities,
    | ('probeVideo' | 'checkAlerts' | 'trackObjects' | 'assembleResult' | 'closeScenario')
    | ('listPictures' | 'assembleTable')
    | ('freezeDataset' | 'listPast' | 'comparePast' | 'indexJob')
  >
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  startToCloseTimeout: '6h',
});

/** Activities that read or write a model or the answers of one. */
export const modelActivities = proxyActivities<
  Pick<VideoActivities, 'judgeModel' | 'publishChallenger'>
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  heartbeatTimeout: COMPUTING_HEARTBEAT,
  startToCloseTimeout: '30m',
});

/** Check whether a version is the champion, which is repeated until it is. @param seconds its longest time */
export function promotionActivities(
  seconds: number,
): ActivityInterfaceFor<Pick<VideoActivities, 'awaitPromotion'>> {
  return proxyActivities({
    taskQueue: VIDEO_QUEUE,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: `${seconds} seconds`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
}

/** Registration of a model; a retraining does not wait for it for longer. */
export const registryActivities = proxyActivities<Pick<VideoActivities, 'registerInMlflow'>>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  heartbeatTimeout: COMPUTING_HEARTBEAT,
  startToCloseTimeout: '30m',
  scheduleToCloseTimeout: '1h',
});

/**
 * Training, by any worker that polls the queue.
 * @param seconds limit of an attempt; the worker ends it, also while it prepares the images.
 */
export function trainActivities(seconds: number): ActivityInterfaceFor<TrainActivities> {
  return proxyActivities({
    ...shared,
    taskQueue: TRAIN_QUEUE,
    startToCloseTimeout: `${seconds + PREPARATION_S} seconds`,
  });
}

/** Activities that delete the data of a job, or old rescorings, batches of images and retrainings. */
export const deletionActivities = proxyActivities<
  Pick<
    VideoActivities,
    | ('deleteJobData' | 'deleteRuns')
    | ('pruneRescorings' | 'pruneImageBatches' | 'pruneRetrainings')
  >
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  startToCloseTimeout: '6h',
});

/** Activities that read lists of jobs and of their runs. */
export const listingActivities = proxyActivities<
  Pick<VideoActivities, 'endRuns' | 'endedBefore' | 'listPrunable' | 'listIndexable'>
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  heartbeatTimeout: undefined,
  startToCloseTimeout: '5m',
});

/** Shares a queue fairly between events. */
const fairly = (eventId: string) => ({ priority: { fairnessKey: fairnessKeyOf(eventId) } });

/** Activities on a range that any host can run: decoding its frames, or filtering other detections. */
export function rangeActivities(
  eventId: string,
): ActivityInterfaceFor<Pick<VideoActivities, 'extractFrames' | 'deriveRange'>> {
  return proxyActivities({
    ...shared,
    ...fairly(eventId),
    taskQueue: VIDEO_QUEUE,
    startToCloseTimeout: '1h',
  });
}

/** Lower priority than that of any job: detection goes before renders. */
const RENDER_PRIORITY = 5;

/** Activities that render a video. */
export function renderActivities(
  eventId: string,
): ActivityInterfaceFor<Pick<VideoActivities, 'renderVideo' | 'renderClip' | 'renderReel'>> {
  return proxyActivities({
    ...shared,
    priority: { ...fairly(eventId).priority, priorityKey: RENDER_PRIORITY },
    taskQueue: VIDEO_QUEUE,
    startToCloseTimeout: '3 days',
  });
}

/** Activities that must run on the host with the frames, which is lost if it does not start them. */
export function hostActivities(
  taskQueue: string,
  eventId: string,
): ActivityInterfaceFor<Omit<HostActivities, 'dropScratch'>> {
  return proxyActivities({
    ...shared,
    ...fairly(eventId),
    taskQueue,
    scheduleToStartTimeout: '60s',
    startToCloseTimeout: '30m',
  });
}

/** Removal of files from a host; it must reply quickly, because it also removes them when it starts. */
export function cleanupActivities(
  taskQueue: string,
): ActivityInterfaceFor<Pick<HostActivities, 'dropScratch'>> {
  return proxyActivities({
    ...shared,
    taskQueue,
    heartbeatTimeout: undefined,
    scheduleToCloseTimeout: '5s',
  });
}

/** Detection on a device. Only a job that may change its device stops waiting for a worker. */
export function detectActivities(
  device: Device,
  { mayChange, eventId }: DetectActivityOptions,
): ActivityInterfaceFor<DetectActivities> {
  return proxyActivities({
    ...shared,
    ...fairly(eventId),
    taskQueue: DETECT_QUEUES[device],
    startToCloseTimeout: '1h',
    ...(mayChange && { scheduleToStartTimeout: '60s' }),
  });
}

/**
 * Activity that watches a camera, on any host or on the one in whose queue it may still be running.
 * It is retried indefinitely: cameras come back.
 */
export function cameraActivities(taskQueue: string): ActivityInterfaceFor<StreamActivities> {
  return proxyActivities({
    taskQueue,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    heartbeatTimeout: '15s',
    startToCloseTimeout: '25h',
    retry: { initialInterval: '1s', backoffCoefficient: 1 },
    ...(taskQueue !== STREAM_QUEUE && { scheduleToStartTimeout: '10s' }),
  });
}
