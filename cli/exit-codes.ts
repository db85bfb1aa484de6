import { CommanderError } from 'commander';
import { AppError, type ErrorCode } from '../domain/errors.js';
import type { JobStatus } from '../domain/job/job-status.js';

export const EXIT = {
  OK: 0,
  FAILED: 1,
  WRONG_USE: 2,
  CANCELLED: 3,
  NO_SERVER: 4,
  INTERRUPTED: 130,
} as const;

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    a job failed, or something went wrong
  2    wrong use or input: refused before anything started
  3    the job was cancelled
  4    a server that is needed cannot be reached
  130  interrupted by Ctrl-C`;

/** Errors of what was asked for, rather than of doing it. */
const WRONG_USE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_INPUT',
  'EVENT_EXISTS',
  'VIDEO_NOT_FOUND',
  'BAD_VIDEO',
  'LIMIT_EXCEEDED',
  'MODEL_NOT_FOUND',
  'URL_FORBIDDEN',
  'JOB_NOT_FOUND',
]);

const NO_SERVER: ReadonlySet<ErrorCode> = new Set(['STACK_NOT_RUNNING', 'SERVER_UNAVAILABLE']);

/** Ctrl-C, or another signal that asks the command to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The exit code that an error means to scripts. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.INTERRUPTED;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.WRONG_USE;
  if (error instanceof AppError) return exitCodeOfApp(error);
  return EXIT.FAILED;
}

function exitCodeOfApp({ code }: AppError): number {
  if (NO_SERVER.has(code)) return EXIT.NO_SERVER;
  return WRONG_USE.has(code) ? EXIT.WRONG_USE : EXIT.FAILED;
}

/** The exit code of a command that waited for a job. */
export function exitCodeOfJob(status: JobStatus): number {
  if (status === 'failed') return EXIT.FAILED;
  return status === 'cancelled' ? EXIT.CANCELLED : EXIT.OK;
}
