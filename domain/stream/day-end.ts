const DAY_MS = 86_400_000;
/** Time after midnight over which the ends of days are spread, in ms. */
const SPREAD_MS = 600_000;

/**
 * Returns the end of the day of a scenario, in ms since 1970: within ten minutes after 00:00 UTC, by
 * its uuid, so that not all scenarios end at once. At most a day after `now`.
 */
export function dayEndOf(scenarioUuid: string, now: number): number {
  const delay = parseInt(scenarioUuid.slice(0, 8), 16) % SPREAD_MS;
  return (Math.floor((now - delay) / DAY_MS) + 1) * DAY_MS + delay;
}
