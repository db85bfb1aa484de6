import type { Alert } from '../../api/types.js';
import { formatPercent, joinFacts } from '../format.js';

/** What was seen, or that the alert is a test. */
export function describeAlert({ test, classes, objects, confidence, zone }: Alert): string {
  if (test) return 'Test of a channel';
  const count = objects === 1 ? undefined : `${objects} at once`;
  const place = zone === null ? undefined : `in ${zone}`;
  return joinFacts([classes.join(', '), count, place, formatPercent(confidence)].filter(isGiven));
}

/** Why an alert was not sent. */
export function describeSuppression(suppressed: NonNullable<Alert['suppressed']>): string {
  return suppressed === 'hours'
    ? 'Not sent: outside of the hours of the rule.'
    : 'Not sent: in the cool-down after another alert.';
}

/** A delivery with its state, and the reason of a failure. */
export function describeDelivery({ channel, to, state, attempts }: Alert['deliveries'][number]) {
  const receiver = `${CHANNELS[channel]} ${to}`;
  if (state === 'sent') return `${receiver}: sent`;
  const reason = attempts.at(-1)?.reason ?? undefined;
  if (state === 'failed') return `${receiver}: failed. ${reason ?? ''}`.trim();
  return `${receiver}: being sent`;
}

/** Names of the kinds of channels. */
export const CHANNELS = { webhook: 'Webhook', ntfy: 'ntfy', email: 'E-mail' } as const;

const isGiven = (text: string | undefined) => text !== undefined;
