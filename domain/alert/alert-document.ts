import { BUCKETS, expectId, expectScenarioUuid, ID, keys } from '../names.js';
import type { AlertChannel } from './alert-rule.js';
import type { Incident } from './alert-watch.js';

/** State of the delivery of an alert to a channel; `failed` may still be tried again. */
export type DeliveryState = 'due' | 'sending' | 'sent' | 'failed';

/** End of an attempt to deliver an alert. */
export interface DeliveryAttempt {
  readonly at: Date;
  readonly state: Extract<DeliveryState, 'sent' | 'failed'>;
  /** Reason of a failure; without secrets. */
  readonly reason: string | null;
}

/** Delivery of an alert to one of the channels of its rule. */
export interface AlertDelivery {
  readonly channel: AlertChannel['kind'];
  /** Receiver: an origin, the start of a topic, or an address. A path or topic is often a secret. */
  readonly to: string;
  readonly state: DeliveryState;
  /** Attempts that have ended, the oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

/**
 * Alert of the log: what was sent, and what was not. Document of collection `alerts`, `_id` = alert_id; its
 * deliveries are documents of `alert_deliveries`.
 */
export interface AlertDocument extends Omit<Incident, 'n'> {
  readonly alert_id: string;
  readonly created_at: Date;
  /** Job of the alert; null for one of a camera, and for a test. */
  readonly event_id: string | null;
  readonly video_id: string | null;
  readonly scenario_uuid: string | null;
  /** Whether it was requested to test a channel. */
  readonly test: boolean;
  /** Name of the rule's zone; null without one. */
  readonly zone: string | null;
  /** JPEG of the frame; null if it is not stored. */
  readonly snapshot: { readonly bucket: string; readonly key: string } | null;
  /** URL of the moment on the page; null if the URL of the page is not set. */
  readonly link: string | null;
  readonly deliveries: readonly AlertDelivery[];
}

/** Pattern of an alert_id. */
export const ALERT_ID = /^[A-Za-z0-9_-]{1,128}\.[A-Za-z0-9_-]{1,128}\.[A-Za-z0-9_-]{1,64}$/;

/** Job or camera of an alert. */
export type AlertSource = { readonly event_id: string } | { readonly scenario_uuid: string };

/** @example alertIdOf({ event_id: 'street-1' }, 'person', 2) // 'street-1.person.2' */
export function alertIdOf(source: AlertSource, rule: string, n: number): string {
  const id =
    'event_id' in source
      ? expectId('an event_id', source.event_id)
      : expectScenarioUuid(source.scenario_uuid);
  return `${id}.${expectId('a rule', rule)}.${n}`;
}

/** Place of the JPEG of an alert of a job. */
export function snapshotOf(eventId: string, { rule, n }: Pick<Incident, 'rule' | 'n'>) {
  return { bucket: BUCKETS.results, key: keys.alertSnapshot(eventId, rule, n) };
}

/** URL of a moment of a job on the page. @param pageUrl without a slash at its end */
export function momentLink(pageUrl: string, eventId: string, timeMs: number): string {
  const seconds = Number((timeMs / 1000).toFixed(3));
  return `${pageUrl}/#/job/${eventId}${seconds > 0 ? `?t=${seconds}` : ''}`;
}

/** Delivery of an alert that is due to a channel. */
export function newDelivery(channel: AlertChannel): AlertDelivery {
  return { channel: channel.kind, to: receiverOf(channel), state: 'due', attempts: [] };
}

/** Number of characters of a topic that are shown: who knows a topic can read it. */
const TOPIC_SHOWN = 3;

function receiverOf(channel: AlertChannel): string {
  if (channel.kind === 'email') return channel.to;
  if (channel.kind === 'ntfy') return `${channel.topic.slice(0, TOPIC_SHOWN)}…`;
  return new URL(channel.url).origin;
}

/** Whether a text is an alert_id. */
export function isAlertId(text: string): boolean {
  return ALERT_ID.test(text) && text.split('.').every((part) => ID.test(part));
}
