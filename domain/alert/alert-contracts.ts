import type { AlertDocument } from './alert-document.js';
import type { AlertChannel, AlertRule } from './alert-rule.js';

/** Input of the activity that compares the stored ranges of a job with its rules. */
export interface CheckAlertsInput {
  readonly event_id: string;
  readonly video_id: string;
  readonly plan_key: string;
  /** First range that was not compared, and the one at which the comparison ends. */
  readonly from: number;
  readonly to: number;
  /** ISO 8601; decides about the hours of rules. */
  readonly created_at: string;
  /** URL of the page, without a slash at its end. */
  readonly page_url?: string;
  /** As the job was given them. */
  readonly rules: readonly unknown[];
}

/** Number of alerts that are due, and of those that are suppressed. */
export interface CheckedAlerts {
  readonly due: number;
  readonly suppressed: number;
}

/** What is sent of an alert. */
export type AlertFacts = Omit<AlertDocument, 'created_at' | 'deliveries' | 'suppressed'> & {
  /** ISO 8601. */
  readonly created_at: string;
};

/** Input of the workflow `SendAlert`. */
export interface SendAlertInput {
  readonly alert: AlertFacts;
  /** Channels in the order of the deliveries in the log. */
  readonly channels: AlertRule['channels'];
}

/** Input of the activity that delivers an alert to one of its channels. */
export interface DeliverAlertInput {
  readonly alert: AlertFacts;
  readonly channel: AlertChannel;
  /** Index of the delivery in the log. */
  readonly index: number;
}
