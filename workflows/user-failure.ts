import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  rootCause,
} from '@temporalio/workflow';

/** Converts an error to the failure that the user reads: the cause, not "Activity task failed". */
export function toUserFailure(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return ApplicationFailure.create({
    message: rootCause(error) ?? String(error),
    type: cause instanceof ApplicationFailure ? (cause.type ?? 'JOB_FAILED') : 'JOB_FAILED',
    nonRetryable: true,
  });
}

/** Throws a cancellation as it is, and any other error as the failure that the user reads. */
export function throwToUser(error: unknown): never {
  throw isCancellation(error) ? error : toUserFailure(error);
}
