import { AppError } from '../errors.js';
import type { ResultEnds } from './read-result.js';

/**
 * Yields all frames of a result.
 * @throws AppError `INCOMPLETE_RESULT` after the last one if the summary counts others: a stream may
 * be cut off.
 */
export async function* expectAll<T>(
  frames: AsyncIterable<T>,
  { header, summary }: ResultEnds,
): AsyncGenerator<T> {
  let count = 0;
  for await (const frame of frames) {
    count++;
    yield frame;
  }
  const expected = summary.frames + summary.skipped;
  if (count === expected) return;
  throw new AppError(
    'INCOMPLETE_RESULT',
    `${count} of ${expected} frames of the result of ${header.event_id} could be read.`,
  );
}
