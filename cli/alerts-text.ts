import type { Alert, AlertPage } from '../client/index.js';
import { formatTable, formatTime } from './format.js';

const HEAD = ['SENT', 'RULE', 'SEEN', 'CONF', 'STATE', 'TO', 'JOB OR CAMERA'];

/** Formats a page of alerts as a table, with the cursor of the next one. */
export function formatAlerts({ alerts, next }: AlertPage): string {
  if (alerts.length === 0) return 'No alerts. Give a job rules with: vidette detect --alerts FILE';
  const table = formatTable([HEAD, ...alerts.map(rowOf)]);
  return next === null ? table : `${table}\nMore: --cursor ${next}`;
}

/** Formats the outcome of an alert, with the reason of a failure. */
export function formatAlert({ status, deliveries }: Alert): string {
  const lines = deliveries.map(({ channel, to, attempts }) => {
    const reason = attempts.at(-1)?.reason;
    return `${channel} ${to}: ${status}${reason ? `. ${reason}` : ''}`;
  });
  return lines.join('\n');
}

function rowOf(alert: Alert): string[] {
  const { created_at, rule, classes, confidence, event_id, scenario_uuid, test } = alert;
  return [
    ...[formatTime(created_at), rule, test ? 'test' : classes.join(', ')],
    ...[test ? '-' : confidence.toFixed(2), describeState(alert)],
    alert.deliveries.map(({ channel, to }) => `${channel} ${to}`).join(', ') || '-',
    event_id ?? scenario_uuid ?? '-',
  ];
}

function describeState({ status, suppressed }: Alert): string {
  if (suppressed === null) return status;
  return suppressed === 'hours' ? 'suppressed (hours)' : 'suppressed (cool-down)';
}
