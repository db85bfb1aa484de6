import { AppError, type ErrorCode, type ErrorFacts, messageOf } from './errors.js';

/** Error as plain data, for a message to another process. */
export interface ErrorRecord {
  /** Missing for an error that is not an {@link AppError}. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly facts: ErrorFacts;
}

export function errorRecordOf(error: unknown): ErrorRecord {
  const { code, facts = {} } = error instanceof AppError ? error : {};
  return { code, message: messageOf(error), facts };
}

export function errorFrom({ code, message, facts }: ErrorRecord): Error {
  return code ? new AppError(code, message, facts) : new Error(message);
}
