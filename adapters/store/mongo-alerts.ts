import type { Collection, Filter } from 'mongodb';
import {
  type AlertDelivery,
  type AlertDocument,
  type DeliveryAttempt,
  isAlertId,
} from '../../domain/alert/alert-document.js';
import { ALERT_DELIVERIES, ALERTS } from '../../domain/collections.js';
import { AppError } from '../../domain/errors.js';
import { expectId, expectScenarioUuid } from '../../domain/names.js';
import type { AlertQuery, AlertStore } from '../../domain/ports/alert-store.js';
import { conditionsAfter } from './event-filter.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredAlert = Omit<AlertDocument, 'deliveries'> & { readonly _id: string };

/**
 * Delivery of an alert, `_id` = `{alert_id}/{index}`. It is a document of its own, because the deliveries
 * of an alert change at the same time, and FerretDB replaces a document as a whole.
 */
export interface StoredDelivery
  extends
    AlertDelivery,
    Pick<AlertDocument, 'alert_id' | 'created_at' | 'event_id' | 'scenario_uuid'> {
  readonly _id: string;
  readonly index: number;
}

/** Indexes of the log: of all alerts, and of those of a job, a camera or a rule, by time. */
export const ALERT_INDEXES = [
  { created_at: -1, _id: -1 },
  { event_id: 1, created_at: -1, _id: -1 },
  { scenario_uuid: 1, created_at: -1, _id: -1 },
  { rule: 1, created_at: -1, _id: -1 },
] as const;

export const ALERT_DELIVERY_INDEXES = [
  { alert_id: 1, index: 1 },
  { event_id: 1 },
  { scenario_uuid: 1, created_at: 1 },
] as const;

export interface AlertCollections {
  readonly alerts: Collection<StoredAlert>;
  readonly deliveries: Collection<StoredDelivery>;
}

/** Alerts of a job, or those of a camera from before a time. */
type RemovedAlerts =
  | { readonly event_id: string }
  | { readonly scenario_uuid: string; readonly created_at: { readonly $lt: Date } };

/** Log of alerts in MongoDB. */
export function createAlerts({ alerts, deliveries }: AlertCollections, run: RunQuery): AlertStore {
  const inAlerts = <T>(query: () => Promise<T>) => run(ALERTS, query);
  const inDeliveries = <T>(query: () => Promise<T>) => run(ALERT_DELIVERIES, query);

  /** Adds their deliveries to alerts, with one query for all of them. */
  const complete = async (found: readonly StoredAlert[]): Promise<AlertDocument[]> => {
    if (found.length === 0) return [];
    const filter = { alert_id: { $in: found.map(({ _id }) => _id) } };
    const options = { sort: { alert_id: 1, index: 1 } } as const;
    const all = await inDeliveries(() => deliveries.find(filter, options).toArray());
    return found.map(({ _id, ...alert }) => ({
      ...alert,
      deliveries: all.filter(({ alert_id }) => alert_id === _id).map(toDelivery),
    }));
  };
  const find = async (alertId: string) => {
    const found = await inAlerts(() => alerts.findOne({ _id: alertKey(alertId) }));
    return found ? (await complete([found]))[0] : undefined;
  };
  const remove = async (filter: RemovedAlerts) => {
    await inDeliveries(() => deliveries.deleteMany(filter));
    return (await inAlerts(() => alerts.deleteMany(filter))).deletedCount;
  };
  return {
    find,
    insert: async (alert) => {
      const { deliveries: due, ...document } = alert;
      const { alert_id, created_at, event_id, scenario_uuid } = alert;
      const ofAlert = { alert_id, created_at, event_id, scenario_uuid };
      for (const [index, delivery] of due.entries()) {
        const ids = { _id: deliveryKey(alert_id, index), index, ...ofAlert };
        await inDeliveries(() => insertOnce(deliveries, { ...ids, ...delivery }));
      }
      // After its deliveries, so that an alert that exists has all of them.
      await inAlerts(() => insertOnce(alerts, { _id: alertKey(alert_id), ...document }));
      return (await find(alert_id)) ?? alert;
    },
    list: async (query) => {
      const options = { limit: query.limit, sort: { created_at: -1, _id: -1 } } as const;
      return complete(await inAlerts(() => alerts.find(filterOf(query), options).toArray()));
    },
    beginDelivery: async (alertId, index) => {
      const _id = deliveryKey(alertId, index);
      const open: Filter<StoredDelivery> = { _id, state: { $in: ['due', 'failed'] } };
      const begin = () => deliveries.findOneAndUpdate(open, { $set: { state: 'sending' } });
      const known = () => deliveries.findOne({ _id });
      return ((await inDeliveries(begin)) ?? (await inDeliveries(known)))?.state;
    },
    endDelivery: async (alertId, index, attempt) => {
      const filter = { _id: deliveryKey(alertId, index) };
      const found = await inDeliveries(() => deliveries.findOne(filter));
      const attempts: readonly DeliveryAttempt[] = [...(found?.attempts ?? []), attempt];
      const end = { $set: { state: attempt.state, attempts } };
      await inDeliveries(() => deliveries.updateOne(filter, end));
    },
    removeOfJob: (eventId) => remove({ event_id: expectId('an event_id', eventId) }),
    removeOfCamera: (uuid, before) =>
      remove({ scenario_uuid: expectScenarioUuid(uuid), created_at: { $lt: before } }),
  };
}

/** A checked string is never an operator. */
function alertKey(alertId: string): string {
  if (isAlertId(alertId)) return alertId;
  throw new AppError('INVALID_INPUT', `Expected an alert_id, received ${JSON.stringify(alertId)}.`);
}

function deliveryKey(alertId: string, index: number): string {
  return `${alertKey(alertId)}/${index}`;
}

function filterOf({ eventId, scenarioUuid, rule, after }: AlertQuery): Filter<StoredAlert> {
  return {
    ...(eventId !== undefined && { event_id: expectId('an event_id', eventId) }),
    ...(scenarioUuid !== undefined && { scenario_uuid: expectScenarioUuid(scenarioUuid) }),
    ...(rule !== undefined && { rule: expectId('a rule', rule) }),
    ...(after && {
      $and: conditionsAfter<StoredAlert>(after.created_at, alertKey(after.alert_id)),
    }),
  };
}

function toDelivery({ channel, to, state, attempts }: StoredDelivery): AlertDelivery {
  return { channel, to, state, attempts };
}
