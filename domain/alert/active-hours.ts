import { z } from 'zod';
import { described } from '../described.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Times of day in which a rule is active; past midnight if `to` is before `from`. */
export const activeHoursSchema = z.strictObject({
  from: described(z.string().regex(TIME, 'expected a time such as 22:00'), 'Start, UTC.', '22:00'),
  to: described(z.string().regex(TIME, 'expected a time such as 06:00'), 'End, UTC.', '06:00'),
});

type ActiveHours = z.infer<typeof activeHoursSchema>;

/**
 * Whether a rule is active at an instant. `to` is excluded; hours with `to` before `from` go past
 * midnight, and hours with equal limits are the whole day.
 * @param instant ms since 1970.
 */
export function isWithinHours(hours: ActiveHours | undefined, instant: number): boolean {
  if (!hours) return true;
  const { from, to } = hours;
  const time = new Date(instant).toISOString().slice(11, 16);
  return from < to ? from <= time && time < to : from <= time || time < to;
}
