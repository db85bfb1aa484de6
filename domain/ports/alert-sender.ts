import type { SendAlertInput } from '../alert/alert-contracts.js';

/** Starts the workflows that send alerts. */
export interface AlertSender {
  /**
   * Resolves when Temporal has the workflow; does nothing if it was started before.
   * @throws AppError `SERVER_UNAVAILABLE` if Temporal does not answer.
   */
  send(input: SendAlertInput): Promise<void>;
}
