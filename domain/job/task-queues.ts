/** Workflows, and the activities that any host can do. */
export const VIDEO_QUEUE = 'video';

/** Detection, by the device that does it. */
export const DETECT_QUEUES = { cpu: 'detect-cpu', gpu: 'detect-gpu' } as const;

/** A device that a detection ran on. */
export type Device = keyof typeof DETECT_QUEUES;

/** The queue of one video worker, whose scratch folder holds the frames of a range. */
export function hostQueue(hostId: string): string {
  return `video-host-${hostId}`;
}
