import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type Advice, AppError, withAdvice } from '../domain/errors.js';

/** Advice in words that fit every way to start a job; activities advise on models only. */
const ADVICE: Readonly<Partial<Record<Advice, string>>> = {
  'get-model': '"vidette models pull" and "vidette models add FILE" add one.',
};

/** Translates errors of the domain to failures of Temporal that are retryable or not. */
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
