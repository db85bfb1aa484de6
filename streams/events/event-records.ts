import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { StreamNotifier } from '../../domain/ports/stream-notifier.js';
import {
  type EventNotice,
  isDone,
  type StreamEventDocument,
  toRecordedEvent,
  toStreamEvent,
} from '../../domain/stream/events/event-document.js';
import type { StreamEvent } from '../../domain/stream/events/stream-event.js';
import { eventNotice, type NoticeSender } from '../../domain/stream/events/stream-notice.js';
import type { TaskQueue } from './task-queue.js';

/** The documents of the events that are not done, which follow the events of this process. */
export interface EventRecords {
  /** Adds an event with its document as it is in the store. */
  resume(document: StreamEventDocument): void;
  start(event: StreamEvent, extras: Pick<StreamEventDocument, 'clip' | 'webhooks_due'>): void;
  change(eventId: string, fields: ChangedFields): void;
  /** Sends a webhook that is due to the URL of its rule; without one, it is no longer due. */
  sendNotice(eventId: string, notice: EventNotice, url: string | undefined): void;
  find(eventId: string): StreamEventDocument | undefined;
}

type ChangedFields = Partial<Omit<StreamEventDocument, 'scenario_uuid' | 'event_id' | 'done'>>;

export interface EventRecordsDeps {
  readonly events: StreamEventStore;
  readonly notifier: StreamNotifier;
  /** Does the effects in the order of the changes. */
  readonly queue: TaskQueue;
  readonly sender: NoticeSender;
}

export function createEventRecords(deps: EventRecordsDeps): EventRecords {
  const { events, notifier, queue, sender } = deps;
  const documents = new Map<string, StreamEventDocument>();

  const change = (eventId: string, fields: ChangedFields) => {
    const before = documents.get(eventId);
    if (!before) return;
    const changed = { ...before, ...fields };
    const document = { ...changed, done: isDone(changed) };
    documents.set(eventId, document);
    queue.add(() => events.update(document, { ...fields, done: document.done }));
    if (document.done) documents.delete(eventId);
  };
  return {
    change,
    resume: (document) => void documents.set(document.event_id, document),
    start(event, extras) {
      const document = { ...event, ...extras, snapshot: false, done: false };
      documents.set(event.event_id, document);
      queue.add(() => events.insert(document));
    },
    sendNotice(eventId, notice, url) {
      const document = documents.get(eventId);
      if (!document) return;
      const event = toStreamEvent(toRecordedEvent(document));
      queue.add(async () => {
        if (url !== undefined) await notifier.notify(eventNotice(url, sender, event, notice));
        const due = documents.get(eventId)?.webhooks_due ?? [];
        change(eventId, { webhooks_due: due.filter((each) => each !== notice) });
      });
    },
    find: (eventId) => documents.get(eventId),
  };
}
