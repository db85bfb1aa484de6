/** Workflows, and the activities that any host can do. */
export const VIDEO_QUEUE = 'video';

/** Detection, by the device that does it. */
export const DETECT_QUEUES = { cpu: 'detect-cpu', gpu: 'detect-gpu' } as const;

/** A device that a detection ran on. */
export type Device = keyof typeof DETECT_QUEUES;

/** Training of models. */
export const TRAIN_QUEUE = 'train';

/** The queue of one video worker, whose scratch folder holds the frames of a range. */
export function hostQueue(hostId: string): string {
  return `video-host-${hostId}`;
}

/** Cameras; each activity takes one slot of a stream worker for about a day. */
export const STREAM_QUEUE = 'stream';

/** The queue of one stream worker, in which the camera of a scenario may still be running. */
export function streamHostQueue(hostId: string): string {
  return `stream-host-${hostId}`;
}
