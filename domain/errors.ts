import type { Advice } from './advice.js';

/**
 * Codes of the errors that Vidette raises. `retryable` is whether another attempt of the same
 * activity can succeed; Temporal retries.
 */
export const ERROR_CODES = {
  INVALID_INPUT: { retryable: false, meaning: 'A field of the input is unknown or invalid.' },
  EVENT_EXISTS: {
    retryable: false,
    meaning: 'The event id is taken by a job with another video, model or parameters.',
  },
  SCENARIO_EXISTS: {
    retryable: false,
    meaning: 'The scenario_uuid is taken by a running scenario with another camera or parameters.',
  },
  SCENARIO_NOT_FOUND: { retryable: false, meaning: 'No scenario has this scenario_uuid.' },
  SCENARIO_TAKEN_OVER: {
    retryable: false,
    meaning: 'Another process has taken over the camera; this one stops writing rows.',
  },
  SLOT_TAKEN: {
    retryable: false,
    meaning: 'The slot of a camera was given to another scenario; the camera waits for a free one.',
  },
  WORKER_LOST: {
    retryable: true,
    meaning: 'The worker of a camera crashed; its next process continues.',
  },
  CAMERA_AWAY: {
    retryable: true,
    meaning: 'The camera is away, and a waiting scenario gets its slot for some minutes.',
  },
  CAMERA_NOT_LIVE: { retryable: true, meaning: 'The camera of the scenario sends no images.' },
  CAMERA_NOT_FOUND: { retryable: false, meaning: 'No camera has this camera_id.' },
  CAMERA_UNREADABLE: {
    retryable: true,
    meaning:
      'The URL of a camera cannot be unsealed: VIDETTE_CAMERA_KEY is missing or another one.',
  },
  FRAME_NOT_FOUND: { retryable: false, meaning: 'The job has no detections of this frame.' },
  VIDEO_NOT_FOUND: { retryable: false, meaning: 'The video does not exist in the object store.' },
  VIDEO_CHANGED: {
    retryable: false,
    meaning: 'The video in the object store was replaced while a job was reading it.',
  },
  BAD_VIDEO: { retryable: false, meaning: 'The file cannot be decoded as video.' },
  LIMIT_EXCEEDED: {
    retryable: false,
    meaning: 'The video exceeds a configured limit (pixels, seconds, frames, bytes).',
  },
  MODEL_NOT_FOUND: { retryable: false, meaning: 'The model does not exist in the catalogue.' },
  MODEL_INVALID: { retryable: false, meaning: 'The model file does not match its manifest.' },
  MODEL_UNAVAILABLE: {
    retryable: true,
    meaning: 'The model file is missing or damaged.',
  },
  TRAIN_DATA: {
    retryable: false,
    meaning: 'The data set cannot be used to train the model.',
  },
  TRAIN_DIVERGED: {
    retryable: false,
    meaning: 'The training has failed or its loss is not a number.',
  },
  RETRAIN_NOT_FOUND: { retryable: false, meaning: 'The model has not been retrained.' },
  RETRAIN_NOT_WAITING: {
    retryable: false,
    meaning: 'The retraining does not wait for a decision.',
  },
  ZONES_NOT_FOUND: { retryable: false, meaning: 'The video has no zones of this name.' },
  EXPERIMENT_NOT_FOUND: { retryable: false, meaning: 'No experiment has this id.' },
  EXPERIMENT_RUNNING: {
    retryable: false,
    meaning: 'Another experiment of the model is running.',
  },
  EXPERIMENT_ENDED: { retryable: false, meaning: 'The experiment has ended.' },
  TOO_FEW_LANES: {
    retryable: false,
    meaning: 'The API has fewer lanes than the experiment needs.',
  },
  ALIAS_CHANGED: {
    retryable: false,
    meaning: 'The alias of the model was changed by another request.',
  },
  NO_GPU_WORKER: {
    retryable: false,
    meaning: 'The job requires a GPU, and no worker with a GPU is running.',
  },
  GPU_MEMORY_FULL: {
    retryable: true,
    meaning: 'The memory of the GPU is too small for the model, or other programs hold it.',
  },
  GPU_FAILED: { retryable: true, meaning: 'The GPU, its driver or a library of CUDA failed.' },
  SCRATCH_LOST: {
    retryable: false,
    meaning: 'The frames of a range are no longer on this host; the range is extracted again.',
  },
  SCRATCH_FULL: { retryable: true, meaning: 'The scratch folder has no room for another range.' },
  LANE_LOST: { retryable: true, meaning: 'A detection process crashed or hung and was replaced.' },
  FRAMES_FAILED: {
    retryable: false,
    meaning: 'The model failed on more frames than the job allows.',
  },
  DECODE_FAILED: { retryable: true, meaning: 'ffmpeg failed.' },
  INCOMPLETE_RESULT: {
    retryable: false,
    meaning: 'The parts of a result do not add up to the plan.',
  },
  URL_FORBIDDEN: { retryable: false, meaning: 'The URL is not allowed.' },
  DOWNLOAD_FAILED: { retryable: false, meaning: 'The file of a URL could not be downloaded.' },
  ALERT_FAILED: { retryable: true, meaning: 'The receiver of an alert did not accept it.' },
  WEBHOOK_FAILED: { retryable: true, meaning: 'The receiver of a webhook did not accept it.' },
  STREAM_CONNECTION_FAILED: {
    retryable: true,
    meaning: 'The camera cannot be reached, closed the connection, or broke the protocol.',
  },
  STREAM_TIMEOUT: { retryable: true, meaning: 'The camera did not answer, or sent no video.' },
  STREAM_AUTH_FAILED: { retryable: true, meaning: 'The camera rejected the credentials.' },
  STREAM_NOT_FOUND: { retryable: true, meaning: 'The camera has no stream at this path.' },
  STREAM_REDIRECTED: {
    retryable: true,
    meaning: 'The camera redirects to another URL, which is not followed.',
  },
  STREAM_NO_VIDEO: { retryable: true, meaning: 'The camera offers no video.' },
  STREAM_CODEC_UNSUPPORTED: { retryable: true, meaning: 'The codec of the camera is unsupported.' },
  STREAM_TRANSPORT_UNSUPPORTED: {
    retryable: true,
    meaning: 'The camera does not send its video over TCP.',
  },
  STREAM_TLS: { retryable: true, meaning: 'The certificate of the camera is not accepted.' },
  SERVER_UNAVAILABLE: {
    retryable: true,
    meaning: 'The object store, the document store or Temporal is unavailable.',
  },
  STORE_FULL: { retryable: true, meaning: 'The object store has no room.' },
  STACK_NOT_RUNNING: { retryable: false, meaning: 'A required server is unavailable.' },
  SETUP_FAILED: { retryable: false, meaning: 'A tool, server or model could not be set up.' },
  JOB_NOT_FOUND: { retryable: false, meaning: 'No job has this id.' },
  NOT_COMPARABLE: {
    retryable: false,
    meaning: 'The results are of different videos, or of different frames of one.',
  },
  NO_DIFFERENCE: {
    retryable: false,
    meaning: 'The objects of two results are the same in every frame.',
  },
  BATCH_NOT_FOUND: { retryable: false, meaning: 'No batch has this id.' },
  RESCORE_NOT_FOUND: { retryable: false, meaning: 'No rescoring has this id.' },
  RESCORE_EXISTS: {
    retryable: false,
    meaning: 'The id of a rescoring is taken by one of another model or another past.',
  },
  BATCH_EXISTS: {
    retryable: false,
    meaning: 'The batch id is taken by a batch of other images, or with another model.',
  },
  DATASET_NOT_FOUND: { retryable: false, meaning: 'No data set has this name and version.' },
  DATASET_DAMAGED: {
    retryable: false,
    meaning: 'The stored items of a data set are not those of its manifest.',
  },
  IMAGE_NOT_FOUND: { retryable: false, meaning: 'No image with this SHA-256 is kept.' },
  IMAGE_IN_USE: { retryable: false, meaning: 'A data set uses the image.' },
  IMAGES_FAILED: { retryable: false, meaning: 'More images failed than the batch allows.' },
  JOB_BEING_DELETED: {
    retryable: true,
    meaning: 'The job with this id is being deleted; its id is free again within seconds.',
  },
  VIDEO_IN_USE: { retryable: false, meaning: 'A job or a schedule uses the video.' },
  JOB_TERMINATED: { retryable: false, meaning: 'The job was terminated in Temporal.' },
  JOB_STUCK: { retryable: false, meaning: 'Temporal cannot continue the workflow of the job.' },
  JOB_FAILED: { retryable: false, meaning: 'The job ended as failed.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts that help to find the cause: keys, ranges, names. Never a secret. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Error with a code of {@link ERROR_CODES} and a message with what to do, or with `advice` if the
 * wording depends on the interface.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly advice: Advice | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: ErrorFacts = {},
    { advice, ...options }: { readonly cause?: unknown; readonly advice?: Advice } = {},
  ) {
    super(message, options);
    this.advice = advice;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** Whether an error, of this process or of another realm, is an {@link AppError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof AppError && error.code === code;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
