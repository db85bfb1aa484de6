/**
 * Every error that Vidette raises on purpose. `retryable` is whether another attempt of the same
 * step can succeed; Temporal does the retrying.
 */
export const ERROR_CODES = {
  INVALID_INPUT: { retryable: false, meaning: 'A field of the input is unknown or wrong.' },
  EVENT_EXISTS: {
    retryable: false,
    meaning: 'The event id is taken by a job with another video, model or parameters.',
  },
  VIDEO_NOT_FOUND: { retryable: false, meaning: 'No such video is in the object store.' },
  VIDEO_CHANGED: {
    retryable: false,
    meaning: 'The video in the object store was replaced while a job was reading it.',
  },
  BAD_VIDEO: { retryable: false, meaning: 'The file is no video that can be decoded.' },
  LIMIT_EXCEEDED: {
    retryable: false,
    meaning: 'The video exceeds a configured limit (pixels, seconds, frames, bytes).',
  },
  MODEL_NOT_FOUND: { retryable: false, meaning: 'No such model is in the catalogue.' },
  MODEL_INVALID: { retryable: false, meaning: 'The model file is not what its manifest says.' },
  MODEL_UNAVAILABLE: {
    retryable: true,
    meaning: 'The model file is missing or damaged, and may come back.',
  },
  NO_GPU_WORKER: {
    retryable: false,
    meaning: 'A GPU was asked for and no worker with a GPU is running.',
  },
  SCRATCH_LOST: {
    retryable: false,
    meaning: 'The frames of a range are no longer on this host; the range is extracted again.',
  },
  SCRATCH_FULL: { retryable: true, meaning: 'The scratch folder has no room for another range.' },
  LANE_LOST: { retryable: true, meaning: 'A detection process died or hung and was replaced.' },
  FRAMES_FAILED: {
    retryable: false,
    meaning: 'The model failed on more frames than the job allows.',
  },
  DECODE_FAILED: { retryable: true, meaning: 'ffmpeg ended with an error of its own.' },
  INCOMPLETE_RESULT: {
    retryable: false,
    meaning: 'The parts of a result do not add up to the plan.',
  },
  URL_FORBIDDEN: { retryable: false, meaning: 'The address of a video is not allowed.' },
  DOWNLOAD_FAILED: { retryable: false, meaning: 'The video could not be downloaded.' },
  WEBHOOK_FAILED: { retryable: true, meaning: 'The receiver of a webhook did not take it.' },
  SERVER_UNAVAILABLE: {
    retryable: true,
    meaning: 'The object store, the document store or Temporal does not answer.',
  },
  STACK_NOT_RUNNING: { retryable: false, meaning: 'A server that is needed does not answer.' },
  SETUP_FAILED: { retryable: false, meaning: 'A tool, server or model could not be set up.' },
  JOB_NOT_FOUND: { retryable: false, meaning: 'No job has this id.' },
  JOB_TERMINATED: { retryable: false, meaning: 'The job was terminated in Temporal.' },
  JOB_FAILED: { retryable: false, meaning: 'The job ended as failed.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts that help to find the cause: keys, ranges, names. Never a secret. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What helps; how that is done is another thing at a command line than over HTTP. */
export type Advice = 'bring-video' | 'list-jobs' | 'get-model' | 'check-servers';

/**
 * An error with a code of {@link ERROR_CODES} and a message that says what to do about it, unless that
 * is for the one to say who tells it: then `advice` is what.
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

/**
 * The message of an error with its advice in the words of those who are told.
 * @param words what each advice is for them; one that is not among them is left out.
 */
export function withAdvice(
  { message, advice }: Pick<AppError, 'message' | 'advice'>,
  words: Readonly<Partial<Record<Advice, string>>>,
): string {
  const said = advice && words[advice];
  return said === undefined ? message : `${message} ${said}`;
}

/** Whether an error, of this process or of another realm, is an {@link AppError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof AppError && error.code === code;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
