import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../domain/errors.js';
import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { StreamNotifier } from '../../domain/ports/stream-notifier.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { createEventRules, type EventRules } from '../../domain/stream/events/event-rules.js';
import type { EventChange } from '../../domain/stream/events/rule-watch.js';
import {
  createStateNotices,
  type StateNotice,
  type StateNotices,
} from '../../domain/stream/events/state-notices.js';
import { stateNotice } from '../../domain/stream/events/stream-notice.js';
import { zoneDocument, zoneDocumentsOf } from '../../domain/stream/events/zone-document.js';
import type { ScenarioInput } from '../../domain/stream/scenario-input.js';
import type { StreamStatus } from '../../domain/stream/scenario-contracts.js';
import type { CameraZoneEvent } from '../../domain/stream/tracks/row-tracks.js';
import { createEventMedia, type EventMediaDeps } from './event-media.js';
import { createEventRecords } from './event-records.js';
import { type EventPast, type PastReader, readPast } from './read-past.js';
import { createTaskQueue } from './task-queue.js';

export interface EventRecorderOptions
  extends Pick<EventMediaDeps, 'clips' | 'snapshot' | 'objects'>, Pick<PastReader, 'recall'> {
  readonly scenario: ScenarioInput;
  readonly events: StreamEventStore;
  readonly notifier: StreamNotifier;
  /** Receives the error of each attempt to store or send something. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Makes the events of a scenario from its log: documents, clips, snapshots and webhooks. What cannot
 * be stored or sent is repeated until it can, also by the next process.
 */
export interface EventRecorder {
  /** Adds entries of the log, in their order. */
  readonly add: (entries: readonly LogEntry[]) => void;
  /** Adds the passages of tracks that ended with the scenario. */
  readonly ended: (events: readonly CameraZoneEvent[]) => void;
  /** Reports the time of a row that was made, in ms since 1970; it may not be stored. */
  rowMade(at: number): void;
  /** Notices the state of the scenario; to be called each second. */
  check(status: Pick<StreamStatus, 'state' | 'message'>, now: number): void;
  /** Applies changed rules; open events end. */
  configure(scenario: ScenarioInput): void;
  /** Ends the open events if `isFinal`, or leaves them to the next process. */
  close(isFinal: boolean): Promise<void>;
}

const LOST = 'The recording ended with the worker that made it.';
/** Maximum number of entries that wait while the store is unavailable at the start. */
const WAITING_MAX = 10_000;
/** Number of tasks above which the progress of events is not stored. */
const CONTINUED_MAX = 1000;
/** Time for what is not yet stored or sent when the recorder is closed. */
const CLOSE_MS = 5000;

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { events, notifier, onFailure } = options;
  let { scenario } = options;
  const { scenario_uuid: scenarioUuid } = scenario;
  const queue = createTaskQueue(onFailure);
  const records = createEventRecords({ events, notifier, queue, sender: scenario });
  const media = createEventMedia({ ...options, scenarioUuid, records, queue });
  /** Undefined until the past was read. */
  let rules: EventRules | undefined;
  let notices: StateNotices | undefined;
  /** Time of the last row that was made, in ms since 1970. */
  let madeAt: number | undefined;
  let waiting: LogEntry[] = [];

  const urlOf = (rule: number | null) => (rule === null ? undefined : scenario.notify[rule]?.url);
  const insert = (document: StreamEventDocument) => queue.add(() => events.insert(document));
  const apply = ({ kind, event }: EventChange) => {
    if (kind === 'started') return begin(event);
    const { scenario_uuid: _uuid, event_id: id, ...fields } = event;
    if (kind === 'continued') {
      // Later changes have all fields; while the store is unavailable, these would pile up.
      if (queue.length < CONTINUED_MAX) records.change(id, fields);
      return;
    }
    const url = urlOf(event.rule);
    const due = records.find(id)?.webhooks_due ?? [];
    records.change(id, { ...fields, webhooks_due: url === undefined ? due : [...due, 'ended'] });
    records.sendNotice(id, 'ended', url);
    const afterMs = (scenario.record?.after_s ?? 0) * 1000;
    media.finish(id, Date.parse(event.last_seen_at) + afterMs);
  };
  const begin = (event: EventChange['event']) => {
    const { record } = scenario;
    const url = urlOf(event.rule);
    const clip = record ? ({ state: 'recording' } as const) : null;
    records.start(event, { clip, webhooks_due: url === undefined ? [] : ['started'] });
    if (url !== undefined) records.sendNotice(event.event_id, 'started', url);
    if (record) media.start(event, record);
  };
  const resume = ({ undone, known, entries }: EventPast) => {
    for (const document of undone) {
      const { event_id: id, webhooks_due, rule, clip } = document;
      records.resume(document);
      for (const notice of webhooks_due) records.sendNotice(id, notice, urlOf(rule));
      if (clip?.state !== 'recording') continue;
      media.resume(id);
      media.finish(id, Infinity, LOST);
    }
    queue.add(() => options.clips.keepOnly(undone.map(({ event_id }) => event_id)));
    rules = createEventRules(scenario.notify, known);
    const rows = [...entries, ...waiting];
    waiting = [];
    add(rows);
  };
  const notice = ({ entries }: EventPast) => {
    const last = entries.findLast((entry) => !isGap(entry));
    notices = createStateNotices(last && !isGap(last) ? Date.parse(last.timestamp) : Date.now());
    if (madeAt !== undefined) send(notices.addRow(madeAt), madeAt);
  };
  const send = (found: readonly StateNotice[], now: number) => {
    const urls = new Set(scenario.notify.flatMap(({ url }) => url ?? []));
    for (const notice of found) {
      [...urls].forEach((url, rank) => {
        queue.add(() => notifier.notify(stateNotice(url, rank, scenario, notice, now)));
      });
    }
  };
  const add = (entries: readonly LogEntry[]) => {
    if (!rules) {
      waiting = [...waiting, ...entries].slice(-WAITING_MAX);
      return;
    }
    for (const entry of entries) {
      rules.add(entry).forEach(apply);
      zoneDocumentsOf(entry).forEach(insert);
    }
  };

  const read = async () => {
    try {
      return await readPast(options, scenarioUuid);
    } catch (error) {
      if (hasCode(error, 'SERVER_UNAVAILABLE')) throw error;
      onFailure(error);
      return { undone: [], known: [], entries: [] };
    }
  };

  queue.add(async () => {
    const past = await read();
    resume(past);
    notice(past);
  });
  return {
    add,
    ended: (passages) => passages.forEach((event) => insert(zoneDocument(scenarioUuid, event))),
    rowMade(at) {
      madeAt = at;
      if (notices) send(notices.addRow(at), at);
    },
    check({ state, message }, now) {
      if (notices) send(notices.check(state, message, now), now);
    },
    configure(changed) {
      if (JSON.stringify(changed.notify) !== JSON.stringify(scenario.notify)) {
        rules?.close().forEach(apply);
        if (rules) rules = createEventRules(changed.notify);
      }
      scenario = changed;
    },
    async close(isFinal) {
      if (isFinal) rules?.close().forEach(apply);
      media.finishAll(LOST);
      await options.clips.close();
      await Promise.race([media.settle(), sleep(CLOSE_MS, undefined, { ref: false })]);
      await queue.close(CLOSE_MS);
    },
  };
}
