import { withAdvice } from '../../domain/advice.js';
import { AppError, ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import { unavailableServer } from '../../domain/server-unavailable.js';

/** Error in the form of RFC 9457; `error` is a short text for older clients. */
export interface Problem {
  /** Path of the kind of problem, `/problems/{kind}`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What failed, with which input, and what to do. */
  readonly detail: string;
  readonly error: string;
  /** Id of the request, as in the log. */
  readonly request_id: string;
}

interface Kind {
  readonly status: number;
  readonly meaning: string;
}

/** Kinds of problems without an {@link ErrorCode}. */
const HTTP_KINDS = {
  'invalid-request': { status: 400, meaning: 'The request does not match its description.' },
  unauthorized: { status: 401, meaning: 'The API key is missing or unknown.' },
  forbidden: { status: 403, meaning: 'The API key lacks the required scope.' },
  'not-found': { status: 404, meaning: 'This path does not exist.' },
  'frame-not-stored': { status: 404, meaning: 'The job did not store this frame.' },
  'event-file-not-stored': { status: 404, meaning: 'The event has no such file (yet).' },
  'no-result': { status: 404, meaning: 'The job has no result (yet).' },
  'method-not-allowed': { status: 405, meaning: 'This path does not allow this method.' },
  'not-acceptable': {
    status: 406,
    meaning: 'The response is not available in a format that the request accepts.',
  },
  'request-timeout': { status: 408, meaning: 'The request arrived too slowly.' },
  conflict: { status: 409, meaning: 'The current state does not allow this.' },
  'too-large': { status: 413, meaning: 'The request exceeds the size limit.' },
  'wrong-host': { status: 421, meaning: 'The host of the request is not allowed.' },
  'unsupported-media-type': { status: 415, meaning: 'The body has an unsupported media type.' },
  'range-not-satisfiable': { status: 416, meaning: 'The range is outside the file.' },
  'bad-image': { status: 422, meaning: 'The file is not an image that can be decoded.' },
  'image-failed': {
    status: 422,
    meaning: 'The model crashes on this image.',
  },
  'object-not-found': { status: 422, meaning: 'The model found no object in the image.' },
  'too-many-requests': { status: 429, meaning: 'The rate limit is exceeded.' },
  'headers-too-large': { status: 431, meaning: 'URL and headers exceed the size limit.' },
  internal: { status: 500, meaning: 'An unexpected error occurred; see the log.' },
  'not-in-role': {
    status: 501,
    meaning: 'The request needs a server, and this process serves single images only.',
  },
  'not-ready': { status: 503, meaning: 'A required server is unavailable.' },
} as const satisfies Readonly<Record<string, Kind>>;

export type ProblemKind = keyof typeof HTTP_KINDS;

/** 4xx: the request is wrong; 5xx: the caller cannot correct it. */
const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  URL_FORBIDDEN: 400,
  DOWNLOAD_FAILED: 400,
  VIDEO_NOT_FOUND: 404,
  MODEL_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  BATCH_NOT_FOUND: 404,
  DATASET_NOT_FOUND: 404,
  IMAGE_NOT_FOUND: 404,
  SCENARIO_NOT_FOUND: 404,
  CAMERA_NOT_FOUND: 404,
  FRAME_NOT_FOUND: 404,
  CAMERA_NOT_LIVE: 409,
  EVENT_EXISTS: 409,
  RETRAIN_NOT_FOUND: 404,
  RETRAIN_NOT_WAITING: 409,
  ALIAS_CHANGED: 409,
  ZONES_NOT_FOUND: 404,
  EXPERIMENT_NOT_FOUND: 404,
  EXPERIMENT_RUNNING: 409,
  EXPERIMENT_ENDED: 409,
  TOO_FEW_LANES: 409,
  SCENARIO_EXISTS: 409,
  SCENARIO_TAKEN_OVER: 409,
  VIDEO_CHANGED: 409,
  BATCH_EXISTS: 409,
  RESCORE_EXISTS: 409,
  RESCORE_NOT_FOUND: 404,
  NOT_COMPARABLE: 409,
  NO_DIFFERENCE: 404,
  LIMIT_EXCEEDED: 413,
  BAD_VIDEO: 422,
  MODEL_INVALID: 422,
  TRAIN_DATA: 422,
  TRAIN_DIVERGED: 422,
  DECODE_FAILED: 422,
  FRAMES_FAILED: 422,
  IMAGES_FAILED: 422,
  JOB_FAILED: 422,
  STREAM_NO_VIDEO: 422,
  STREAM_CODEC_UNSUPPORTED: 422,
  STREAM_TRANSPORT_UNSUPPORTED: 422,
  JOB_BEING_DELETED: 409,
  VIDEO_IN_USE: 409,
  IMAGE_IN_USE: 409,
  JOB_TERMINATED: 409,
  JOB_STUCK: 409,
  INCOMPLETE_RESULT: 500,
  DATASET_DAMAGED: 500,
  SETUP_FAILED: 500,
  ALERT_FAILED: 502,
  WEBHOOK_FAILED: 502,
  STREAM_CONNECTION_FAILED: 502,
  STREAM_AUTH_FAILED: 502,
  STREAM_NOT_FOUND: 502,
  STREAM_REDIRECTED: 502,
  STREAM_TLS: 502,
  STREAM_TIMEOUT: 504,
  CAMERA_UNREADABLE: 503,
  CAMERA_AWAY: 503,
  SLOT_TAKEN: 503,
  WORKER_LOST: 503,
  NO_GPU_WORKER: 503,
  MODEL_UNAVAILABLE: 503,
  GPU_MEMORY_FULL: 503,
  GPU_FAILED: 503,
  SCRATCH_LOST: 503,
  SCRATCH_FULL: 503,
  LANE_LOST: 503,
  SERVER_UNAVAILABLE: 503,
  STORE_FULL: 503,
  STACK_NOT_RUNNING: 503,
};

/** Error of a request without an {@link ErrorCode}. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /** @param error short text, if it differs from the kind. */
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly error?: string,
  ) {
    super(message);
  }
}

/** Every kind of problem with its status and meaning, by the last segment of its `type`. */
export const PROBLEM_KINDS: Readonly<Record<string, Kind>> = {
  ...HTTP_KINDS,
  ...Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, { meaning }]) => [
      kindOfCode(code),
      { status: STATUS_OF_CODE[code as ErrorCode], meaning },
    ]),
  ),
};

/** @example kindOfCode('BAD_VIDEO') // 'bad-video' */
function kindOfCode(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** Returns the problem of an error that is ours; undefined for others. */
export function problemOf(error: unknown, requestId: string): Problem | undefined {
  if (error instanceof ProblemError) {
    return createProblem(error.kind, error.message, requestId, error.error);
  }
  const server = unavailableServer(error);
  if (server !== undefined) {
    return createProblem('not-ready', `${server} does not answer; try again soon.`, requestId);
  }
  if (error instanceof AppError) {
    return createProblem(kindOfCode(error.code), withAdvice(error, 'api'), requestId);
  }
  return undefined;
}

/** @param kind one of {@link PROBLEM_KINDS}. */
export function createProblem(
  kind: string,
  detail: string,
  requestId: string,
  error: string = kind.replaceAll('-', ' '),
): Problem {
  const { status, meaning } = PROBLEM_KINDS[kind]!; // kinds come from the tables above
  const type = `/problems/${kind}`;
  return { type, title: meaning, status, detail, error, request_id: requestId };
}
