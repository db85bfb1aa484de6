import type { AlertDocument, DeliveryAttempt, DeliveryState } from '../alert/alert-document.js';

/** Place of an alert in the log, which is sorted by time and then by id, both descending. */
export interface AlertPosition {
  readonly created_at: Date;
  readonly alert_id: string;
}

/** Selects alerts; an alert must match every given field. */
export interface AlertQuery {
  readonly limit: number;
  readonly eventId?: string | undefined;
  readonly scenarioUuid?: string | undefined;
  readonly rule?: string | undefined;
  /** Only alerts after this place. */
  readonly after?: AlertPosition | undefined;
}

/** Log of alerts. */
export interface AlertStore {
  /** Inserts an alert; does nothing if its id exists. Resolves with the stored one. */
  insert(alert: AlertDocument): Promise<AlertDocument>;
  find(alertId: string): Promise<AlertDocument | undefined>;
  /** Alerts of a query, the newest first. */
  list(query: AlertQuery): Promise<AlertDocument[]>;
  /**
   * Begins an attempt of a delivery that is due or has failed. Resolves with the state before it:
   * `sending` and `sent` are left as they are. Undefined if the alert does not exist.
   */
  beginDelivery(alertId: string, index: number): Promise<DeliveryState | undefined>;
  /** Ends the attempt of a delivery; does nothing if the alert does not exist. */
  endDelivery(alertId: string, index: number, attempt: DeliveryAttempt): Promise<void>;
  /** Removes the alerts of a job; resolves with their number. */
  removeOfJob(eventId: string): Promise<number>;
  /** Removes the alerts of a camera from before a time; resolves with their number. */
  removeOfCamera(scenarioUuid: string, before: Date): Promise<number>;
}
