import { causeOf, type GapCause, type GapReason } from './gap.js';

/** Time before a camera was attached to, in which it had no rows, and its cause. */
export interface Absence extends GapCause {
  /** Its end in ms since 1970; it begins at the end of the log, or of the absence before. */
  readonly to: number;
}

/** Instants of an attempt in ms since 1970. */
export interface AttemptTimes {
  /** Start of the scenario. */
  readonly startedAt: number;
  /** Instant at which the activity was scheduled. */
  readonly scheduled: number;
  readonly now: number;
}

/** Time in the queue from which an attempt has waited for a slot, in ms. */
const WAIT_MS = 1000;

/**
 * Returns the causes of the time before the first attempt to watch a camera.
 * @param reason of the time until the activity was scheduled. A scenario that starts may have an
 *   earlier log: it ended before.
 */
export function absencesBefore(
  reason: GapReason,
  { startedAt, scheduled, now }: AttemptTimes,
): readonly Absence[] {
  const earlier = reason === 'starting' ? [{ to: startedAt, ...causeOf('ended') }] : [];
  const hasWaited = now - scheduled >= WAIT_MS;
  const waited = hasWaited ? [{ to: now, ...causeOf('waiting_slot') }] : [];
  return [...earlier, { to: hasWaited ? scheduled : now, ...causeOf(reason) }, ...waited];
}
