import { alertIdOf } from '../../domain/alert/alert-document.js';
import type { AlertRule } from '../../domain/alert/alert-rule.js';
import {
  type AlertState,
  type AlertWatch,
  type Incident,
  watchAlerts,
} from '../../domain/alert/alert-watch.js';
import { raiseAlert, type RaiseAlertDeps } from '../../domain/alert/raise-alert.js';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Size } from '../../domain/result/detection.js';
import { eventIdAt, eventKey } from '../../domain/stream/event-keys.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { StoredRow } from '../../domain/stream/row.js';
import type { ScenarioInput } from '../../domain/stream/scenario-input.js';
import { createTaskQueue } from '../events/task-queue.js';
import { createRowStates } from './alert-state-store.js';

export interface AlertRecorderOptions extends RaiseAlertDeps {
  readonly scenario: ScenarioInput;
  readonly objects: Pick<ObjectStore, 'find' | 'put'>;
  /** URL of the page, without a slash at its end. */
  readonly pageUrl: string | undefined;
  /** Reads the rows of the log after a number, or the last ones of them. */
  readonly recall: (after: number) => Promise<readonly LogEntry[]>;
  /** Number of the last row before this process. */
  readonly lastRow: number;
  /** Size of the frames; undefined before the first one. */
  readonly size: () => Size | undefined;
  /** Returns a JPEG of the frame at a time, in ms since 1970; undefined if it is not kept. */
  readonly snapshot: (atMs: number) => Promise<Buffer | undefined>;
  /** Receives the error of each attempt to store or send something. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Compares the stored rows of a scenario with its rules. The state of the rules is stored with the number
 * of the last row, so that the next process continues after it, with the rows that this one did not see.
 */
export interface AlertRecorder {
  /** Adds entries of the log, in their order. */
  readonly add: (entries: readonly LogEntry[]) => void;
  configure(scenario: ScenarioInput): void;
  close(): Promise<void>;
}

/** Size of frames of which none has arrived: no object is in a zone. */
const NO_SIZE: Size = { width: 0, height: 0 };
/** Maximum number of rows that wait; those that are left out are read from the log later. */
const WAITING_MAX = 10_000;
/** Interval between two stored states without an alert, in ms. */
const STATE_MS = 10_000;
/** Time for what is not yet stored or sent when the recorder is closed. */
const CLOSE_MS = 5000;

export function createAlertRecorder(options: AlertRecorderOptions): AlertRecorder {
  const { scenario_uuid } = options.scenario;
  const queue = createTaskQueue(options.onFailure);
  const states = createRowStates(options.objects, scenario_uuid);
  let rules: readonly AlertRule[] = options.scenario.alerts ?? [];
  let [row, storedAt] = [options.lastRow, 0];
  let state: AlertState = {};

  const watchFrom = (known: AlertState): AlertWatch =>
    watchAlerts({
      ...{ rules, size: options.size() ?? NO_SIZE, state: known },
      instantOf: (at_ms) => at_ms,
    });
  const store = async () => {
    storedAt = Date.now();
    await states.write({ row, state });
  };
  /** Compares a row, after those before it that were not seen. */
  const follow = async (next: StoredRow) => {
    if (next.frame_number > row + 1) {
      for (const entry of await options.recall(row))
        if (!isGap(entry) && entry.frame_number < next.frame_number) await compare(entry);
    }
    await compare(next);
  };
  /** A row counts only after its alerts are logged and started: it is repeated until they are. */
  const compare = async (next: StoredRow) => {
    if (next.frame_number <= row) return;
    const watch = watchFrom(state);
    const incidents = watch.add(frameOf(next));
    for (const incident of incidents) await raise(incident);
    [row, state] = [next.frame_number, { ...state, ...watch.state() }];
    if (incidents.length > 0 || Date.now() - storedAt > STATE_MS) await store();
  };
  const raise = async ({ n, ...incident }: Incident) => {
    const rule = rules.find(({ name }) => name === incident.rule)!; // an incident names its rule
    const isDue = incident.suppressed === null;
    const jpeg = isDue ? await options.snapshot(incident.at_ms).catch(() => undefined) : undefined;
    // As that of an event, so that it is removed with the images of events of its time.
    const key = eventKey(scenario_uuid, eventIdAt(incident.at_ms, n), 'jpg');
    const place = jpeg && { bucket: BUCKETS.streams, key };
    if (place) await options.objects.put(place.bucket, key, jpeg, { contentType: 'image/jpeg' });
    await raiseAlert(options, rule, {
      ...incident,
      ...{ alert_id: alertIdOf({ scenario_uuid }, rule.name, n), scenario_uuid },
      ...{ created_at: new Date(incident.at_ms), event_id: null, video_id: null },
      snapshot: place ?? null,
      link: options.pageUrl === undefined ? null : `${options.pageUrl}/#/camera/${scenario_uuid}`,
    });
  };
  const add = (entries: readonly LogEntry[]) => {
    for (const entry of entries)
      if (!isGap(entry) && queue.length < WAITING_MAX) queue.add(() => follow(entry));
  };

  queue.add(async () => {
    const known = await states.read();
    if (!known) return;
    // Rows that an earlier process stored and did not compare; none if it stopped long ago.
    [row, state] = [known.row, known.state];
    for (const entry of await options.recall(row)) if (!isGap(entry)) await compare(entry);
  });
  return {
    add,
    configure: (changed) => queue.add(() => Promise.resolve(void (rules = changed.alerts ?? []))),
    close: async () => {
      queue.add(store);
      await queue.close(CLOSE_MS);
    },
  };
}

function frameOf({ frame_number, timestamp, detections }: StoredRow) {
  const objects = detections.map((each) => ({
    ...{ class: each.class, conf: each.confidence, box: each.bbox },
  }));
  return { frame: frame_number, at_ms: Date.parse(timestamp), objects };
}
