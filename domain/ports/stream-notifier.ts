import type { StreamNotice } from '../stream/events/stream-notice.js';

/** Sends notices to webhooks, signed and with retries. */
export interface StreamNotifier {
  /**
   * Resolves when the notice is stored in Temporal, which sends it; does nothing if it was before.
   * @throws AppError `SERVER_UNAVAILABLE` if Temporal does not answer.
   */
  notify(notice: StreamNotice): Promise<void>;
}
