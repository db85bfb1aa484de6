import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { createLogReader } from './read-log.js';
import type { NumberedStretch } from './segment.js';

export interface FollowOptions extends RequestOptions {
  /** Number of the last row that the caller has; 0 to read from the beginning. */
  readonly after?: number;
  /** Waits before the log is read again; resolves with false to end. */
  readonly waitForMore: () => Promise<boolean>;
}

/** Yields a log from the row after a number, and then what is added to it. */
export async function* followLog(
  log: LogRef,
  { after, waitForMore, ...options }: FollowOptions,
): AsyncGenerator<NumberedStretch> {
  const reader = createLogReader(log, after);
  do yield* reader.readNew(options);
  while (await waitForMore());
}
