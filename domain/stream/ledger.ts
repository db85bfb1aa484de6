import { isoTime, type LogEntry } from './entry.js';
import type { GapCause, StreamGap } from './gap.js';
import type { StoredRow } from './row.js';
import { slotAt } from './slots.js';

/** End of the log of a scenario. */
export interface LogEnd {
  /** Number of the next row. */
  readonly next: number;
  /** Instant before which all time is accounted for, in ms since 1970. */
  readonly accountedTo: number;
}

/** A frame with its objects, before it has a number. */
export interface SeenFrame extends Pick<StoredRow, 'detections' | 'details' | 'tracks'> {
  /** Arrival of its last packet, in ms since 1970. */
  readonly arrival: number;
}

/** Makes the entries of a log, so that each slot has one row, or is in exactly one gap. */
export interface Ledger {
  readonly end: LogEnd;
  /**
   * Returns the entries for a frame: its row, after a gap for the slots before it without one. None
   * if its slot is already accounted for.
   */
  addFrame(frame: SeenFrame, fps: number, cause: GapCause): LogEntry[];
  /** Returns the entries for the time up to an instant: one gap, or none if it is accounted for. */
  addGap(to: number, cause: GapCause): LogEntry[];
}

/** Creates a ledger that continues a log. */
export function createLedger(scenarioUuid: string, start: LogEnd): Ledger {
  let { next, accountedTo } = start;

  function addGap(to: number, cause: GapCause): StreamGap[] {
    if (to <= accountedTo) return [];
    const gap = { from: isoTime(accountedTo), to: isoTime(to), ...cause };
    accountedTo = to;
    return [{ scenario_uuid: scenarioUuid, gap }];
  }

  function addFrame({ arrival, ...seen }: SeenFrame, fps: number, cause: GapCause): LogEntry[] {
    if (arrival < accountedTo) return [];
    const slot = slotAt(arrival, fps);
    const gaps = addGap(slot.from, cause);
    accountedTo = slot.to;
    return [...gaps, createRow(next++, arrival, seen)];
  }

  function createRow(
    number: number,
    arrival: number,
    { detections, details, tracks }: Omit<SeenFrame, 'arrival'>,
  ): StoredRow {
    return {
      ...{ scenario_uuid: scenarioUuid, frame_number: number, detections },
      timestamp: isoTime(arrival),
      ...(details && { details }),
      ...(tracks && { tracks }),
    };
  }

  return {
    addFrame,
    addGap,
    get end() {
      return { next, accountedTo };
    },
  };
}
