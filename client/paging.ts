import { AppError } from '../domain/errors.js';

/** Default number of entries in a page of a list. */
export const PAGE_LIMIT = 20;

/** Error for a cursor that no page has returned. */
export function invalidCursor(): AppError {
  return new AppError('INVALID_INPUT', 'Invalid cursor. Pass the "next" of the previous page.');
}
