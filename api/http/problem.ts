import {
  type Advice,
  AppError,
  ERROR_CODES,
  type ErrorCode,
  withAdvice,
} from '../../domain/errors.js';
import { unavailableServer } from '../../domain/server-unavailable.js';

/** An error as RFC 9457 wants it told; `error` is the short text that older clients look for. */
export interface Problem {
  /** Reference of the kind of problem, `/problems/{kind}`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What happened, with which input, and what to do. */
  readonly detail: string;
  readonly error: string;
  /** Id of the request, as in the log. */
  readonly request_id: string;
}

interface Kind {
  readonly status: number;
  readonly meaning: string;
}

/** Kinds that are no {@link ErrorCode}. */
const HTTP_KINDS = {
  'invalid-request': { status: 400, meaning: 'The request is not what its description says.' },
  unauthorized: { status: 401, meaning: 'The request has no API key, or one that is not known.' },
  forbidden: { status: 403, meaning: 'The API key may not do this.' },
  'not-found': { status: 404, meaning: 'Nothing is at this address.' },
  'frame-not-stored': { status: 404, meaning: 'The job stored no such frame.' },
  'no-result': { status: 404, meaning: 'The job has no result (yet).' },
  'method-not-allowed': { status: 405, meaning: 'This address does not take this method.' },
  'not-acceptable': { status: 406, meaning: 'The answer has no form that the request accepts.' },
  'request-timeout': { status: 408, meaning: 'The request came too slowly.' },
  conflict: { status: 409, meaning: 'What is there does not allow this.' },
  'too-large': { status: 413, meaning: 'The request is larger than allowed.' },
  'wrong-host': { status: 421, meaning: 'The API does not go by the name that was asked.' },
  'unsupported-media-type': { status: 415, meaning: 'The request has a body of another kind.' },
  'range-not-satisfiable': { status: 416, meaning: 'The file has no such bytes.' },
  'bad-picture': { status: 422, meaning: 'The file is no picture that can be read.' },
  'picture-failed': {
    status: 422,
    meaning: 'The network ends each time that it sees the picture.',
  },
  'object-not-found': { status: 422, meaning: 'The picture shows no object that is known.' },
  'too-many-requests': { status: 429, meaning: 'More requests came than allowed.' },
  'headers-too-large': { status: 431, meaning: 'Address and headers are larger than allowed.' },
  internal: { status: 500, meaning: 'Something went wrong that should not; the log has more.' },
  'not-ready': { status: 503, meaning: 'A server that is needed does not answer (yet).' },
} as const satisfies Readonly<Record<string, Kind>>;

export type ProblemKind = keyof typeof HTTP_KINDS;

/** What a caller can do nothing about is 5xx; the others say what is wrong with the request. */
const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  URL_FORBIDDEN: 400,
  DOWNLOAD_FAILED: 400,
  VIDEO_NOT_FOUND: 404,
  MODEL_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  EVENT_EXISTS: 409,
  VIDEO_CHANGED: 409,
  LIMIT_EXCEEDED: 413,
  BAD_VIDEO: 422,
  MODEL_INVALID: 422,
  DECODE_FAILED: 422,
  FRAMES_FAILED: 422,
  JOB_FAILED: 422,
  JOB_TERMINATED: 409,
  INCOMPLETE_RESULT: 500,
  SETUP_FAILED: 500,
  WEBHOOK_FAILED: 502,
  NO_GPU_WORKER: 503,
  MODEL_UNAVAILABLE: 503,
  SCRATCH_LOST: 503,
  SCRATCH_FULL: 503,
  LANE_LOST: 503,
  SERVER_UNAVAILABLE: 503,
  STACK_NOT_RUNNING: 503,
};

/** An error of a request that has no {@link ErrorCode}. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /** @param error the short text, where it is not the kind's own. */
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly error?: string,
  ) {
    super(message);
  }
}

/** Every kind of problem with its status and meaning, by the last part of its `type`. */
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

/** How those who send requests help themselves. */
const ADVICE: Readonly<Record<Advice, string>> = {
  'bring-video':
    'Upload it with POST /api/v1/videos, whose answer has its video_id, or submit a url.',
  'list-jobs': 'GET /api/v1/jobs lists those that are.',
  'check-servers': 'Try again soon.',
  'get-model':
    'GET /model_info tells the one that is in use when none is named; whoever runs Vidette adds others with "vidette models".',
};

/** Tells an error that is ours; undefined for others. */
export function problemOf(error: unknown, requestId: string): Problem | undefined {
  if (error instanceof ProblemError) {
    return createProblem(error.kind, error.message, requestId, error.error);
  }
  const server = unavailableServer(error);
  if (server !== undefined) {
    return createProblem('not-ready', `${server} does not answer; try again soon.`, requestId);
  }
  if (error instanceof AppError) {
    return createProblem(kindOfCode(error.code), withAdvice(error, ADVICE), requestId);
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
