import type { AlertDocument, AlertDelivery } from '../../domain/alert/alert-document.js';
import type { AlertQuery, AlertStore } from '../../domain/ports/alert-store.js';

/** Log of alerts in memory; passes the contract of `test/contracts/alert-store.ts`. */
export function createMemoryAlerts(): AlertStore {
  const alerts = new Map<string, AlertDocument>();
  const change = (alertId: string, index: number, fields: Partial<AlertDelivery>) => {
    const alert = alerts.get(alertId);
    if (!alert) return;
    const deliveries = alert.deliveries.map((each, i) =>
      i === index ? { ...each, ...fields } : each,
    );
    alerts.set(alertId, { ...alert, deliveries });
  };
  const remove = (isRemoved: (alert: AlertDocument) => boolean) => {
    const removed = [...alerts.values()].filter(isRemoved);
    for (const { alert_id } of removed) alerts.delete(alert_id);
    return Promise.resolve(removed.length);
  };
  const deliveryOf = (alertId: string, index: number) => alerts.get(alertId)?.deliveries[index];
  return {
    insert: async (alert) => {
      await Promise.resolve();
      const stored = alerts.get(alert.alert_id) ?? alert;
      alerts.set(alert.alert_id, stored);
      return stored;
    },
    find: (alertId) => Promise.resolve(alerts.get(alertId)),
    list: (query) => {
      const found = [...alerts.values()].filter((alert) => isSelected(alert, query));
      return Promise.resolve(found.sort(newestFirst).slice(0, query.limit));
    },
    beginDelivery: async (alertId, index) => {
      await Promise.resolve();
      const state = deliveryOf(alertId, index)?.state;
      if (state === 'due' || state === 'failed') change(alertId, index, { state: 'sending' });
      return state;
    },
    endDelivery: async (alertId, index, attempt) => {
      await Promise.resolve();
      const attempts = [...(deliveryOf(alertId, index)?.attempts ?? []), attempt];
      change(alertId, index, { state: attempt.state, attempts });
    },
    removeOfJob: (eventId) => remove(({ event_id }) => event_id === eventId),
    removeOfCamera: (uuid, before) =>
      remove(({ scenario_uuid, created_at }) => scenario_uuid === uuid && created_at < before),
  };
}

type Placed = Pick<AlertDocument, 'created_at' | 'alert_id'>;

function newestFirst(a: Placed, b: Placed): number {
  const later = b.created_at.getTime() - a.created_at.getTime();
  return later || (a.alert_id < b.alert_id ? 1 : -1);
}

function isSelected(alert: AlertDocument, query: AlertQuery): boolean {
  const { eventId, scenarioUuid, rule, after } = query;
  return (
    (eventId === undefined || alert.event_id === eventId) &&
    (scenarioUuid === undefined || alert.scenario_uuid === scenarioUuid) &&
    (rule === undefined || alert.rule === rule) &&
    (after === undefined || (newestFirst(alert, after) > 0 && alert.alert_id !== after.alert_id))
  );
}
