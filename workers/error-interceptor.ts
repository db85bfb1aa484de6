import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { withAdvice } from '../domain/advice.js';
import { AppError } from '../domain/errors.js';

/** Translates errors of the domain to failures of Temporal that are retryable or not. */
export const translateErrors: ActivityInboundCallsInterceptor = {
  execute: async (input, next) => {
    try {
      return await next(input);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw ApplicationFailure.create({
        type: error.code,
        message: withAdvice(error, 'job'),
        nonRetryable: !error.retryable,
        details: [error.facts],
        ...(error.cause instanceof Error && { cause: error.cause }),
      });
    }
  },
};
