import { CommanderError } from 'commander';
import { AppError, type ErrorCode } from '../domain/errors.js';
import type { BatchCounts } from '../domain/job/batch.js';
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
  0    success
  1    the job or the command failed
  2    invalid usage or input; nothing was started
  3    the job was cancelled
  4    a required server is unavailable
  130  interrupted by Ctrl-C`;

/** Errors in the request itself. */
const WRONG_USE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_INPUT',
  'EVENT_EXISTS',
  'VIDEO_NOT_FOUND',
  'BAD_VIDEO',
  'LIMIT_EXCEEDED',
  'MODEL_NOT_FOUND',
  'URL_FORBIDDEN',
  'JOB_NOT_FOUND',
  'NOT_COMPARABLE',
  'JOB_BEING_DELETED',
  'VIDEO_IN_USE',
  'IMAGE_NOT_FOUND',
  'IMAGE_IN_USE',
  'BATCH_NOT_FOUND',
  'BATCH_EXISTS',
  'RESCORE_EXISTS',
  'DATASET_NOT_FOUND',
  'RETRAIN_NOT_FOUND',
  'RETRAIN_NOT_WAITING',
  'TRAIN_DATA',
  'ZONES_NOT_FOUND',
  'EXPERIMENT_NOT_FOUND',
  'EXPERIMENT_RUNNING',
  'EXPERIMENT_ENDED',
  'TOO_FEW_LANES',
  'SCENARIO_EXISTS',
  'SCENARIO_NOT_FOUND',
  'CAMERA_NOT_FOUND',
  'FRAME_NOT_FOUND',
]);

const NO_SERVER: ReadonlySet<ErrorCode> = new Set(['STACK_NOT_RUNNING', 'SERVER_UNAVAILABLE']);

/** Error of a command that ended on Ctrl-C or another signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Returns the exit code for an error. */
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

/** Returns the exit code of a command that waited for several jobs. */
export function exitCodeOfBatch({
  failed,
  cancelled,
  missing,
}: Pick<BatchCounts, 'failed' | 'cancelled' | 'missing'>): number {
  if (failed > 0) return EXIT.FAILED;
  return cancelled + missing > 0 ? EXIT.CANCELLED : EXIT.OK;
}

/** Returns the exit code of a command that waited for a job. */
export function exitCodeOfJob(status: JobStatus): number {
  if (status === 'failed') return EXIT.FAILED;
  return status === 'cancelled' ? EXIT.CANCELLED : EXIT.OK;
}
