import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type Advice, AppError, withAdvice } from '../domain/errors.js';

/** A model is all that a step advises on; who reads of it in Temporal may have started the job anyhow. */
const ADVICE: Readonly<Partial<Record<Advice, string>>> = {
  'get-model': '"vidette models pull" and "vidette models add FILE" put one there.',
};

/** Translates the errors of the domain to failures that Temporal retries, or does not. */
export const translateErrors: ActivityInboundCallsInterceptor = {
  execute: async (input, next) => {
    try {
      return await next(input);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw ApplicationFailure.create({
        type: error.code,
        message: withAdvice(error, ADVICE),
        nonRetryable: !error.retryable,
        details: [error.facts],
        ...(error.cause instanceof Error && { cause: error.cause }),
      });
    }
  },
};
