import type { ScenarioInput } from '../scenario-input.js';

/** Maximum time that the rows before the start of an event may add, in ms. */
const ROWS_MS_MAX = 60_000;

/**
 * Returns the time before the newest row of a starting event that its clip may have, in ms: rows are
 * counted before the event starts. Undefined if no clips are recorded.
 */
export function clipBeforeMs({
  record,
  notify,
  fps,
}: Pick<ScenarioInput, 'record' | 'notify' | 'fps'>): number | undefined {
  if (!record) return undefined;
  const rows = Math.max(0, ...notify.map(({ frames }) => frames - 1));
  return record.before_s * 1000 + Math.min(ROWS_MS_MAX, (rows / fps) * 1000);
}
