import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { AppError } from '../domain/errors.js';

/** Translates the errors of the domain to failures that Temporal retries, or does not. */
export const translateErrors: ActivityInboundCallsInterceptor = {
  execute: async (input, next) => {
    try {
      return await next(input);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw ApplicationFailure.create({
        type: error.code,
        message: withAdvice(error),
        nonRetryable: !error.retryable,
        details: [error.facts],
        ...(error.cause instanceof Error && { cause: error.cause }),
      });
    }
  },
};

/** A model is all that a step advises on; who reads of it in Temporal may have started the job anyhow. */
function withAdvice({ message, advice }: AppError): string {
  if (advice !== 'get-model') return message;
  return `${message} "vidette models pull" and "vidette models add FILE" put one there.`;
}
