import type { AlertFacts } from './alert-contracts.js';

/** Body of the webhook of an alert. */
export interface AlertMessage {
  readonly type: 'alert' | 'alert.test';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Omit<AlertFacts, 'created_at' | 'test'>;
}

/** Message of an alert for a signed webhook. */
export function alertMessage({ created_at, test, ...data }: AlertFacts): AlertMessage {
  return { type: test ? 'alert.test' : 'alert', timestamp: created_at, data };
}

/** @example alertTitle(alert) // 'Vidette: person-at-door' */
export function alertTitle({ rule, test }: AlertFacts): string {
  return test ? 'Vidette: test' : `Vidette: ${rule}`;
}

/** What happened, for people: an object of which class, how certain, where and when. */
export function alertText(alert: AlertFacts): string {
  const { classes, confidence, objects, zone, at_ms, video_id, link, test } = alert;
  if (test) return 'This is a test. Alerts of your rules arrive here.';
  const count = objects === 1 ? '1 object' : `${objects} objects`;
  const place = zone === null ? '' : ` in ${zone}`;
  const seen = `${classes.join(', ')} (${confidence.toFixed(2)}), ${count}${place}`;
  const when =
    video_id === null
      ? `, at ${new Date(at_ms).toISOString()}`
      : `, at ${clockOf(at_ms)} of ${video_id}`;
  return `${seen}${when}.${link === null ? '' : `\n${link}`}`;
}

/** @example clockOf(3_725_400) // '1:02:05' */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = hours > 0 ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
  return parts.map((part, index) => (index === 0 ? part : String(part).padStart(2, '0'))).join(':');
}
