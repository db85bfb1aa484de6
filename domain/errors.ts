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
  NO_GPU_WORKER: {
    retryable: false,
    meaning: 'The job requires a GPU, and no worker with a GPU is running.',
  },
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
  URL_FORBIDDEN: { retryable: false, meaning: 'The URL of a video is not allowed.' },
  DOWNLOAD_FAILED: { retryable: false, meaning: 'The video could not be downloaded.' },
  WEBHOOK_FAILED: { retryable: true, meaning: 'The receiver of a webhook did not accept it.' },
  SERVER_UNAVAILABLE: {
    retryable: true,
    meaning: 'The object store, the document store or Temporal is unavailable.',
  },
  STORE_FULL: { retryable: true, meaning: 'The object store has no room.' },
  STACK_NOT_RUNNING: { retryable: false, meaning: 'A required server is unavailable.' },
  SETUP_FAILED: { retryable: false, meaning: 'A tool, server or model could not be set up.' },
  JOB_NOT_FOUND: { retryable: false, meaning: 'No job has this id.' },
  BATCH_NOT_FOUND: { retryable: false, meaning: 'No batch has this id.' },
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
