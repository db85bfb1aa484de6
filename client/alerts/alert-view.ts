import type {
  AlertDelivery,
  AlertDocument,
  DeliveryAttempt,
} from '../../domain/alert/alert-document.js';
import type { AlertPosition } from '../../domain/ports/alert-store.js';
import { invalidCursor } from '../paging.js';
import type { PageOptions } from '../types.js';

/** Selects alerts; an alert must match every given field. */
export interface AlertsOptions extends PageOptions {
  /** Only alerts of this job. */
  readonly job?: string | undefined;
  /** Only alerts of the camera of this scenario. */
  readonly stream?: string | undefined;
  /** Only alerts of rules with this name. */
  readonly rule?: string | undefined;
}

/** State of an alert over all of its channels; `failed` if it failed at one of them. */
export type AlertStatus = 'sending' | 'sent' | 'failed' | 'suppressed';

/** Delivery as it is sent. */
interface ShownDelivery extends Omit<AlertDelivery, 'attempts'> {
  readonly attempts: readonly (Omit<DeliveryAttempt, 'at'> & { readonly at: string })[];
}

/** Alert of the log as it is sent. */
export interface Alert extends Omit<AlertDocument, 'created_at' | 'deliveries' | 'snapshot'> {
  /** ISO 8601. */
  readonly created_at: string;
  readonly status: AlertStatus;
  /** Whether a JPEG of the frame is stored. */
  readonly snapshot: boolean;
  readonly deliveries: readonly ShownDelivery[];
}

/** Alerts, the newest first, and the cursor of the next page; null on the last one. */
export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly next: string | null;
}

/** Returns an alert as it is sent. */
export function toAlert({ created_at, snapshot, deliveries, ...alert }: AlertDocument): Alert {
  return {
    ...{ ...alert, created_at: created_at.toISOString() },
    ...{ status: statusOf(alert.suppressed, deliveries), snapshot: snapshot !== null },
    deliveries: deliveries.map((delivery) => ({
      ...delivery,
      attempts: delivery.attempts.map((each) => ({ ...each, at: each.at.toISOString() })),
    })),
  };
}

function statusOf(
  suppressed: AlertDocument['suppressed'],
  deliveries: readonly AlertDelivery[],
): AlertStatus {
  if (suppressed !== null) return 'suppressed';
  if (deliveries.some(({ state }) => state === 'failed')) return 'failed';
  return deliveries.every(({ state }) => state === 'sent') ? 'sent' : 'sending';
}

/** Encodes the place of the last alert of a page as letters, digits, "-" and "_". */
export function encodePlace({ created_at, alert_id }: AlertPosition): string {
  return Buffer.from(`${created_at.toISOString()}/${alert_id}`).toString('base64url');
}

/** Decodes a cursor of {@link encodePlace}. @throws AppError `INVALID_INPUT`. */
export function decodePlace(text: string): AlertPosition {
  const [time = '', alert_id = ''] = Buffer.from(text, 'base64url').toString('utf8').split('/');
  const created_at = new Date(time);
  if (alert_id === '' || Number.isNaN(created_at.getTime())) throw invalidCursor();
  return { created_at, alert_id };
}
