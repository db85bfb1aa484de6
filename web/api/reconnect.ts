import { pause, waitUntilBack } from './connection.js';
import { RequestError } from './request.js';

/** Pause before reconnecting a broken stream. */
const RECONNECT_MS = 2000;

/**
 * Repeats a stream until its source has ended. Reconnects if the stream breaks or ends before its
 * source does: an API that shuts down ends its streams.
 * @throws RequestError if the API rejects the request
 */
export async function* withReconnect<Item>(
  hasEnded: () => Promise<boolean>,
  signal: AbortSignal,
  stream: () => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  for (;;) {
    try {
      yield* stream();
      if (await hasEnded()) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RequestError && !error.isTemporary) throw error;
    }
    if (!(await mayReconnect(signal))) return;
  }
}

/** Waits until a stream can reconnect. @returns false if the page was left meanwhile */
async function mayReconnect(signal: AbortSignal): Promise<boolean> {
  try {
    await pause(RECONNECT_MS, signal);
    await waitUntilBack(signal);
    return true;
  } catch {
    return false;
  }
}
