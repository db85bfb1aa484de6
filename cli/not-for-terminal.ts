import { AppError } from '../domain/errors.js';

/** Error of a command whose output is not text. @example notForTerminal('A zip') */
export function notForTerminal(what: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `${what} is not written to a terminal. Use --out FILE, or redirect the output to a file.`,
  );
}
