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
        message: error.message,
        nonRetryable: !error.retryable,
        details: [error.facts],
        ...(error.cause instanceof Error && { cause: error.cause }),
      });
    }
  },
};
