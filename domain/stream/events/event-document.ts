import type { StreamEvent } from './stream-event.js';

/** Clip of an event. */
export type EventClip =
  | { readonly state: 'recording' }
  | {
      readonly state: 'stored';
      /** From the keyframe before the event to some time after it, in ISO 8601 with milliseconds. */
      readonly from: string;
      readonly to: string;
      readonly bytes: number;
      /** Reason for which the clip ends before the event. */
      readonly message?: string;
    }
  | { readonly state: 'failed'; readonly message: string }
  /** It was removed after `keep_days`, or to make room. */
  | { readonly state: 'removed' };

/** A webhook of an event. */
export type EventNotice = 'started' | 'ended';

/** An event as the API sends it. */
export interface RecordedEvent extends StreamEvent {
  /** Null if the scenario does not record. */
  readonly clip: EventClip | null;
  /** Whether an image of its first frame is stored. */
  readonly snapshot: boolean;
}

/** Document of collection `stream_events`, `_id` = `{scenario_uuid}/{event_id}`. */
export interface StreamEventDocument extends RecordedEvent {
  /** Webhooks that were not yet handed to Temporal. */
  readonly webhooks_due: readonly EventNotice[];
  /** Whether the event has ended, its clip is made and its webhooks are on their way. */
  readonly done: boolean;
}

/** Returns an event as it is sent. */
export function toRecordedEvent(document: StreamEventDocument): RecordedEvent {
  const { webhooks_due: _due, done: _done, ...event } = document;
  return event;
}

/** Returns an event without what was recorded of it. */
export function toStreamEvent(recorded: RecordedEvent): StreamEvent {
  const { clip: _clip, snapshot: _snapshot, ...event } = recorded;
  return event;
}

/** Whether nothing remains to be done for an event. */
export function isDone(document: Omit<StreamEventDocument, 'done'>): boolean {
  const { ended_at, clip, webhooks_due } = document;
  return ended_at !== null && clip?.state !== 'recording' && webhooks_due.length === 0;
}
