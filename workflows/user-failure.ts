import { ActivityFailure, ApplicationFailure, rootCause } from '@temporalio/workflow';

/** The failure that a person is to see: the cause in its own words, not "Activity task failed". */
export function toUserFailure(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return ApplicationFailure.create({
    message: rootCause(error) ?? String(error),
    type: cause instanceof ApplicationFailure ? (cause.type ?? 'JOB_FAILED') : 'JOB_FAILED',
    nonRetryable: true,
  });
}
