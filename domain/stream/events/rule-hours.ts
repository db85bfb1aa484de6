import type { NotifyRule } from '../scenario-rules.js';

/**
 * Whether a rule is active at an instant. `to` is excluded; hours with `to` before `from` go past
 * midnight, and hours with equal limits are the whole day.
 * @param instant ms since 1970.
 */
export function isWithinHours(hours: NotifyRule['hours'], instant: number): boolean {
  if (!hours) return true;
  const { from, to } = hours;
  const time = new Date(instant).toISOString().slice(11, 16);
  return from < to ? from <= time && time < to : from <= time || time < to;
}
