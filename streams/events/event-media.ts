import { BUCKETS } from '../../domain/names.js';
import { hasCode, messageOf } from '../../domain/errors.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { isoTime } from '../../domain/stream/entry.js';
import { eventKey } from '../../domain/stream/event-keys.js';
import type { EventClip } from '../../domain/stream/events/event-document.js';
import type { StreamEvent } from '../../domain/stream/events/stream-event.js';
import type { RecordOptions } from '../../domain/stream/scenario-rules.js';
import type { Clip, ClipRecorder } from '../clips/clip-recorder.js';
import type { EventRecords } from './event-records.js';
import type { TaskQueue } from './task-queue.js';

export interface EventMediaDeps {
  readonly scenarioUuid: string;
  readonly records: EventRecords;
  readonly clips: ClipRecorder;
  /** Returns a JPEG of the frame at a time, in ms since 1970; undefined if it is not kept. */
  readonly snapshot: (atMs: number) => Promise<Buffer | undefined>;
  readonly objects: Pick<ObjectStore, 'put' | 'putFile'>;
  readonly queue: TaskQueue;
}

/** Clips and snapshots of the events of a scenario. */
export interface EventMedia {
  start(event: StreamEvent, record: RecordOptions): void;
  /** Adds an event whose clip an earlier process has recorded. */
  resume(eventId: string): void;
  /**
   * Finishes the clip of an event at a time, in ms since 1970, if it is being recorded.
   * @param reason for which it ends before the event.
   */
  finish(eventId: string, toMs: number, reason?: string): void;
  /** Finishes all clips that are being recorded. */
  finishAll(reason: string): void;
  /** Resolves when the snapshots and clips that were started are in the queue. */
  settle(): Promise<void>;
}

export function createEventMedia(deps: EventMediaDeps): EventMedia {
  const { scenarioUuid, records, clips, snapshot, objects, queue } = deps;
  const pending = new Set<Promise<void>>();
  const recording = new Set<string>();
  const track = (work: Promise<void>) => {
    const settled = work.finally(() => pending.delete(settled));
    pending.add(settled);
  };

  const takeSnapshot = async ({ event_id: id, started_at }: StreamEvent) => {
    const jpeg = await snapshot(Date.parse(started_at)).catch(() => undefined);
    if (!jpeg) return;
    queue.add(async () => {
      const options = { contentType: 'image/jpeg' };
      await objects.put(BUCKETS.streams, eventKey(scenarioUuid, id, 'jpg'), jpeg, options);
      records.change(id, { snapshot: true });
    });
  };
  const setClip = (id: string, clip: EventClip) => {
    records.change(id, { clip });
  };
  const failClip = (id: string, error: unknown) => {
    setClip(id, { state: 'failed', message: messageOf(error) });
    queue.add(() => clips.remove(id));
  };
  const storeClip = async (id: string, { path, bytes, from, to }: Clip, message?: string) => {
    const options = { contentType: 'video/mp4' };
    await objects.putFile(BUCKETS.streams, eventKey(scenarioUuid, id, 'mp4'), path, options);
    const span = { from: isoTime(from), to: isoTime(to) };
    setClip(id, { state: 'stored', ...span, bytes, ...(message !== undefined && { message }) });
    // After the document, so that a crash before that finds the clip again.
    queue.add(() => clips.remove(id));
  };
  const finishClip = async (id: string, toMs: number, reason?: string) => {
    try {
      const clip = await clips.finish(id, toMs);
      queue.add(() =>
        storeClip(id, clip, reason).catch((error: unknown) => {
          if (hasCode(error, 'SERVER_UNAVAILABLE')) throw error;
          failClip(id, error);
        }),
      );
    } catch (error) {
      failClip(id, error);
    }
  };
  const finish: EventMedia['finish'] = (id, toMs, reason) => {
    if (recording.delete(id)) track(finishClip(id, toMs, reason));
  };
  return {
    finish,
    finishAll: (reason) => recording.forEach((id) => finish(id, Date.now(), reason)),
    resume: (id) => void recording.add(id),
    start(event, { before_s }) {
      recording.add(event.event_id);
      clips.start(event.event_id, Date.parse(event.started_at) - before_s * 1000);
      track(takeSnapshot(event));
    },
    async settle() {
      await Promise.all(pending);
    },
  };
}
