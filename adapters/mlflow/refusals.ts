import { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { explainCertificate } from '../refused-certificate.js';

const refusalSchema = z.object({ error_code: z.string(), message: z.string().default('') });

/** Maximum length of a message of the server in an error. */
const SHOWN_CHARS = 300;
/** Statuses of a proxy or of a server that is starting. */
const UNAVAILABLE = new Set([429, 502, 503, 504]);

/** A response that is not the requested content. */
export interface Refused {
  readonly status: number;
  readonly text: string;
  /** Target of a redirect. */
  readonly location: string | null;
}

/** Returns the error for a response; MLflow's own refusals have their status and code as facts. */
export function refusalOf(server: string, { status, text, location }: Refused): AppError {
  if (status >= 300 && status < 400) return redirected(server, location);
  if (status === 401) {
    return misconfigured(
      `${server} rejected the credentials. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.`,
    );
  }
  if (status === 403 && /invalid host header/i.test(text)) return hostRejected(server);
  if (UNAVAILABLE.has(status)) {
    return new AppError('SERVER_UNAVAILABLE', `${server} answered ${status}. Try again later.`);
  }
  return refused(server, status, text);
}

function refused(server: string, status: number, text: string): AppError {
  const body = refusalSchema.safeParse(parseJson(text));
  const reason = body.success ? body.data.error_code : undefined;
  const message = (body.success ? body.data.message : text).trim().slice(0, SHOWN_CHARS);
  if (status === 403) {
    return misconfigured(
      `${server} does not permit this account to read the model (403 ${message}). Grant it read access.`,
    );
  }
  const code = status >= 500 ? 'SERVER_UNAVAILABLE' : 'INVALID_INPUT';
  const shown = message || 'without a message';
  return new AppError(code, `${server} answered ${status}: ${shown}`, { status, reason });
}

/** Whether an error is MLflow's refusal with this status. */
export function isRefusal(error: unknown, status: number): error is AppError {
  return error instanceof AppError && error.facts.status === status;
}

/** Returns the error for a request that got no response. */
export function unreachable(server: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const explained = explainCertificate(
    error,
    server,
    'Give the file of its authority as MLFLOW_CA_FILE.',
  );
  if (explained !== error) return explained;
  return new AppError(
    'SERVER_UNAVAILABLE',
    `${server} cannot be reached (${reasonOf(error)}). Start it, or correct MLFLOW_URI.`,
    {},
    { cause: error },
  );
}

/** The code or message of the innermost cause. */
export function reasonOf(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return messageOf(cause);
}

function redirected(server: string, location: string | null): AppError {
  const target = location === null ? undefined : URL.parse(location)?.origin;
  const where = target === undefined ? 'elsewhere' : `to ${target}`;
  return misconfigured(
    `${server} redirects ${where}, which is not followed. Set MLFLOW_URI to the URL at which MLflow itself answers.`,
  );
}

function hostRejected(server: string): AppError {
  return misconfigured(
    `${server} rejects the host name in its URL (403 Invalid Host header). Start MLflow with --allowed-hosts and that name, with and without its port: mlflow server --allowed-hosts mlflow:5000,mlflow`,
  );
}

function misconfigured(message: string): AppError {
  return new AppError('STACK_NOT_RUNNING', message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
