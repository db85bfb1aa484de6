import { AppError, messageOf } from '../domain/errors.js';

/**
 * Waits for all parts of a set-up, so that what one of them downloads is not lost if another fails.
 * @throws AppError `SETUP_FAILED` with the messages of all that failed.
 */
export async function allOrFail<T extends readonly unknown[]>(
  ...parts: { readonly [K in keyof T]: Promise<T[K]> }
): Promise<T> {
  const failures = (await Promise.allSettled(parts)).flatMap((part) =>
    part.status === 'rejected' ? [messageOf(part.reason)] : [],
  );
  if (failures.length > 0) throw new AppError('SETUP_FAILED', failures.join('\n\n'));
  return await Promise.all(parts); // in the order of `parts`
}
