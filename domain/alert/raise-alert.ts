import type { AlertSender } from '../ports/alert-sender.js';
import type { AlertStore } from '../ports/alert-store.js';
import type { AlertFacts } from './alert-contracts.js';
import { type AlertDocument, newDelivery } from './alert-document.js';
import type { AlertRule } from './alert-rule.js';

export interface RaiseAlertDeps {
  readonly alerts: Pick<AlertStore, 'insert'>;
  readonly alertSender: AlertSender;
}

/** Alert that was found; its deliveries follow from the channels of its rule. */
export type FoundAlert = Omit<AlertDocument, 'deliveries' | 'test' | 'zone'>;

/**
 * Logs an alert, and starts it if it is due and was not started before. Can be repeated: an alert that
 * is logged stays as it is.
 */
export async function raiseAlert(
  { alerts, alertSender }: RaiseAlertDeps,
  { zone, channels }: AlertRule,
  found: FoundAlert,
): Promise<void> {
  const deliveries = found.suppressed === null ? channels.map(newDelivery) : [];
  const alert = { ...found, test: false, zone: zone?.name ?? null, deliveries };
  const stored = await alerts.insert(alert);
  if (stored.deliveries.some(({ state }) => state === 'due'))
    await alertSender.send({ alert: toFacts(stored), channels });
}

/** Returns what is sent of an alert. */
export function toFacts(alert: AlertDocument): AlertFacts {
  const { deliveries: _deliveries, suppressed: _suppressed, created_at, ...facts } = alert;
  return { ...facts, created_at: created_at.toISOString() };
}
