import type { StoredRow, StreamDetection } from '../row.js';
import type { NotifyRule } from '../scenario-rules.js';
import { isWithinHours } from '../../alert/active-hours.js';
import {
  beginEvent,
  continueEvent,
  endEvent,
  type Matches,
  type StreamEvent,
} from './stream-event.js';

/** Change of an event; `continued` follows at most each {@link CONTINUED_MS}. */
export interface EventChange {
  readonly kind: 'started' | 'continued' | 'ended';
  readonly event: StreamEvent;
}

/** Makes the events of one rule from the rows of a scenario. */
export interface RuleWatch {
  addRow(row: StoredRow): EventChange[];
  /** Ends the event if no object was seen for too long before an instant, in ms since 1970. */
  advance(now: number): EventChange[];
  /** Ends the event at once. */
  close(): EventChange[];
}

/** Minimum time between the starts of two events of a rule. */
const EVENT_INTERVAL_MS = 10_000;
/** Interval at which an event that goes past it is reported as continued. */
const CONTINUED_MS = 10_000;

/**
 * Creates the watch of a rule. An event starts with the first of `frames` consecutive rows that have
 * a matching object. Gaps between rows do not count, unless they last longer than `quiet_s`.
 * @param last newest event of an earlier watch of the rule: rows up to its last one have counted, and it
 * is continued if it has not ended.
 */
export function createRuleWatch(rule: NotifyRule, index: number, last?: StreamEvent): RuleWatch {
  /** The open event, or the one that starts if enough rows follow. */
  let event = last?.ended_at === null ? last : undefined;
  let isOpen = event !== undefined;
  let rows = 0;
  let lastStart = last ? Date.parse(last.started_at) : -Infinity;
  let reportedAt = last ? Date.parse(last.last_seen_at) : -Infinity;

  const close = (): EventChange[] => {
    const ended = isOpen ? event : undefined;
    [event, isOpen, rows] = [undefined, false, 0];
    return ended ? [{ kind: 'ended', event: endEvent(ended) }] : [];
  };
  const advance = (now: number) => {
    const isQuiet = event && now - Date.parse(event.last_seen_at) > rule.quiet_s * 1000;
    return isQuiet ? close() : [];
  };
  const report = (kind: EventChange['kind'], reported: StreamEvent, at: number): EventChange[] => {
    reportedAt = at;
    return [{ kind, event: reported }];
  };
  const extend = (row: StoredRow, matches: Matches, at: number): EventChange[] => {
    event = event ? continueEvent(event, row, matches) : beginEvent(row, matches, index);
    rows++;
    if (isOpen) return at - reportedAt >= CONTINUED_MS ? report('continued', event, at) : [];
    if (rows < rule.frames && !isCrossed(rule, row)) return [];
    isOpen = true;
    lastStart = Date.parse(event.started_at);
    return report('started', event, at);
  };
  const addRow = (row: StoredRow): EventChange[] => {
    if (last && row.frame_number <= last.last_frame) return [];
    const at = Date.parse(row.timestamp);
    const ended = advance(at);
    const isEarly = !isOpen && at < lastStart + EVENT_INTERVAL_MS;
    const [first, ...rest] = isEarly ? [] : matchingObjects(rule, row, at);
    if (first) return [...ended, ...extend(row, [first, ...rest], at)];
    // A row without such an object: the rows before it were too few.
    if (!isOpen) close();
    return ended;
  };
  return { addRow, advance, close };
}

function matchingObjects(rule: NotifyRule, row: StoredRow, at: number): StreamDetection[] {
  if (!isWithinHours(rule.hours, at)) return [];
  const { classes, conf } = rule;
  return row.detections.filter(
    (object) =>
      object.confidence >= conf &&
      (!classes || classes.includes(object.class)) &&
      isAtZone(rule, row, object),
  );
}

/** Whether an object is in the zone of a rule, or crosses its line in the row. */
function isAtZone({ zone, ...rule }: NotifyRule, row: StoredRow, { track_id }: StreamDetection) {
  if (zone === undefined) return true;
  if (track_id === undefined) return false;
  if (row.tracks?.inside?.[zone]?.includes(track_id)) return true;
  return crossingsOf({ ...rule, zone }, row).some((event) => event.track_id === track_id);
}

/** Whether an object crosses the line of a rule in a row: it is there in no other one. */
function isCrossed(rule: NotifyRule, row: StoredRow): boolean {
  return crossingsOf(rule, row).length > 0;
}

function crossingsOf({ zone, direction }: NotifyRule, { tracks }: StoredRow) {
  return (tracks?.events ?? []).filter(
    (event) =>
      event.kind === 'crossed' &&
      event.zone === zone &&
      (direction === undefined || event.direction === direction),
  );
}
