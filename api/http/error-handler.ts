import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { createProblem, type Problem, ProblemError, problemOf } from './problem.js';

const PROBLEM_TYPE = 'application/problem+json';
const RETRY_AFTER_S = '5';
/** Status of routes that this process does not serve, which is no fault of it. */
const NOT_IN_ROLE = 501;

/** Kinds of problems by the status with which Fastify and its plugins reject a request. */
const KIND_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'too-large',
  414: 'headers-too-large',
  415: 'unsupported-media-type',
  416: 'range-not-satisfiable',
  421: 'wrong-host',
  429: 'too-many-requests',
};

/** Messages of the form parser, which have no status, for requests that are not a valid form. */
const NOT_A_FORM =
  /^(Multipart: Boundary not found|The needle cannot |the request is not multipart$)/;
const CUT_FORM = /unexpected end of multipart data$/i;

type AnyError = Error & Pick<FastifyError, 'statusCode'>;

/** Responds to every error with a problem; details of unexpected errors go to the log only. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const problem = toProblem(error, request.id);
  const isGone = request.raw.destroyed && !request.raw.complete;
  if (isNotReady(error)) request.log.info({ reason: problem.detail }, 'not ready');
  else if (problem.status >= 500 && problem.status !== NOT_IN_ROLE && !isGone)
    request.log.error({ err: error }, 'request failed');
  return sendProblem(reply, problem);
}

/** Whether the process is still starting, or stops: the log of its start has the reason. */
function isNotReady(error: Error): boolean {
  return error instanceof ProblemError && error.kind === 'not-ready';
}

/** Responds to a URL that no route can be found for; no hook runs, so that the headers are set here. */
export function answerBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  void reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
  });
  sendProblem(reply, toProblem(error, request.id));
}

/** Responds with a problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  const isTemporary = problem.status === 503 || problem.status === 429;
  if (isTemporary && !reply.hasHeader('retry-after'))
    void reply.header('retry-after', RETRY_AFTER_S);
  // Bypasses the route's schema: a problem has one shape everywhere.
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem);
}

/** Kind of the problem with which an error is reported. */
export function kindOfError(error: AnyError): string {
  return toProblem(error, '').type.slice('/problems/'.length);
}

function toProblem(error: AnyError, requestId: string): Problem {
  const known = problemOf(error, requestId);
  if (known) return known;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const wrong = error.validation.map(
      ({ instancePath, message }) =>
        `${instancePath.slice(1) || error.validationContext}: ${message}`,
    );
    return createProblem(
      'invalid-request',
      `Invalid ${error.validationContext}: ${wrong.join('; ')}`,
      requestId,
    );
  }
  if (NOT_A_FORM.test(error.message)) {
    const detail = 'Expected a form: Content-Type "multipart/form-data" with a boundary.';
    return createProblem('unsupported-media-type', detail, requestId);
  }
  if (CUT_FORM.test(error.message)) {
    return createProblem('invalid-request', 'The form ends before its last boundary.', requestId);
  }
  const kind = KIND_OF_STATUS[error.statusCode ?? 500];
  if (kind !== undefined) return createProblem(kind, error.message, requestId);
  const detail = `An unexpected error occurred. Search the log for request id ${requestId}.`;
  return createProblem('internal', detail, requestId);
}
