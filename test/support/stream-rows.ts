import { isoTime } from '../../domain/stream/entry.js';
import type { StoredRow, StreamDetection } from '../../domain/stream/row.js';
import { notifyRuleSchema, type NotifyRule } from '../../domain/stream/scenario-rules.js';
import { LOG_START, LOG_UUID } from './log-entries.js';

/** An object of a row. */
export function streamObject(name: string, confidence = 0.9): StreamDetection {
  return { class: name, confidence, bbox: [10, 20, 30, 40] };
}

/** Row number n (from 1) at a time in seconds after {@link LOG_START}. */
export function rowAt(second: number, n: number, ...objects: StreamDetection[]): StoredRow {
  return {
    ...{ scenario_uuid: LOG_UUID, frame_number: n, detections: objects },
    timestamp: isoTime(LOG_START + second * 1000),
  };
}

/** A rule with its defaults filled in. */
export function notifyRule(rule: Partial<NotifyRule> = {}): NotifyRule {
  return notifyRuleSchema.parse(rule);
}
