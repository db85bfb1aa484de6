import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  proxyActivities,
} from '@temporalio/workflow';
import type { DetectActivities, HostActivities, VideoActivities } from '../activities/index.js';
import type { DetectActivityOptions } from './types.js';
import { DETECT_QUEUES, type Device, VIDEO_QUEUE } from '../domain/job/task-queues.js';

/**
 * Options that every activity shares. Steps are bounded by time, never by a small number of
 * attempts: a deployment or a frozen worker uses attempts up without any fault of the video.
 */
const shared = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: '10s',
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} as const;

/** Steps that answer at once. */
export const controlActivities = proxyActivities<
  Pick<VideoActivities, 'openEvent' | 'chooseDevice' | 'closeEvent'>
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  heartbeatTimeout: undefined,
  startToCloseTimeout: '30s',
});

/** Messages to the outside, for as long as a receiver may take to come back. */
export const webhookActivities = proxyActivities<Pick<VideoActivities, 'notifyWebhook'>>({
  taskQueue: VIDEO_QUEUE,
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** Steps that read or write a whole video. */
export const wholeVideoActivities = proxyActivities<
  Pick<VideoActivities, 'probeVideo' | 'assembleResult'>
>({
  ...shared,
  taskQueue: VIDEO_QUEUE,
  startToCloseTimeout: '6h',
});

/** Each event gets its turn at a queue, whatever others have waiting there. */
const inTurn = (eventId: string) => ({ priority: { fairnessKey: eventId } });

/** The step that brings the frames of a range to a host. */
export function extractionActivities(
  eventId: string,
): ActivityInterfaceFor<Pick<VideoActivities, 'extractFrames'>> {
  return proxyActivities({
    ...shared,
    ...inTurn(eventId),
    taskQueue: VIDEO_QUEUE,
    startToCloseTimeout: '1h',
  });
}

/** Lower than any job's: detection goes first where both wait. */
const RENDER_PRIORITY = 5;

/** The step that makes a whole video of another one. */
export function renderActivities(
  eventId: string,
): ActivityInterfaceFor<Pick<VideoActivities, 'renderVideo'>> {
  return proxyActivities({
    ...shared,
    priority: { ...inTurn(eventId).priority, priorityKey: RENDER_PRIORITY },
    taskQueue: VIDEO_QUEUE,
    startToCloseTimeout: '3 days',
  });
}

/** Steps that must run where the frames are; a host that does not come is given up after 60 s. */
export function hostActivities(
  taskQueue: string,
  eventId: string,
): ActivityInterfaceFor<Omit<HostActivities, 'dropScratch'>> {
  return proxyActivities({
    ...shared,
    ...inTurn(eventId),
    taskQueue,
    scheduleToStartTimeout: '60s',
    startToCloseTimeout: '30m',
  });
}

/** Sweeping a host: one that does not answer at once has nothing that a restart does not sweep. */
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
    ...inTurn(eventId),
    taskQueue: DETECT_QUEUES[device],
    startToCloseTimeout: '1h',
    ...(mayChange && { scheduleToStartTimeout: '60s' }),
  });
}
