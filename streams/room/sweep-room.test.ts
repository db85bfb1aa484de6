import { beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createMemoryStreamEvents } from '../../test/support/memory-stream-events.js';
import { eventDocumentAt } from '../../test/support/stream-events.js';
import { LOG_START, LOG_UUID } from '../../test/support/log-entries.js';
import { BUCKETS } from '../../domain/names.js';
import { eventKey } from '../../domain/stream/event-keys.js';
import { logKeys } from '../../domain/stream/log/log-keys.js';
import { type RoomDeps, sweepRoom } from './sweep-room.js';

const OTHER = '6f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const DAY_S = 86_400;
const { signal } = new AbortController();
/** A week after the start of the log. */
const NOW = LOG_START + 7 * DAY_S * 1000;

let objects: ReturnType<typeof createMemoryObjectStore>;
let events: ReturnType<typeof createMemoryStreamEvents>;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  events = createMemoryStreamEvents();
  await objects.ensureBucket(BUCKETS.streams);
});

const put = (key: string, bytes = 100) => objects.put(BUCKETS.streams, key, Buffer.alloc(bytes));
const dayKey = (uuid: string, day: string) => logKeys.dayPart(uuid, { day, part: 0, first: 1 });
const keysLeft = () => collect(objects.list(BUCKETS.streams, ''));
const sweep = (deps: Partial<RoomDeps> = {}) => {
  const keepDays = new Map([[LOG_UUID, { rows: 5, clips: 2 }]]);
  return sweepRoom({ objects, events, keepDays, ...deps }, NOW, signal);
};

/** Stores an event with its files, some days after the start of the log. */
async function storeEvent(days: number) {
  const clip = { state: 'stored', from: 'a', to: 'b', bytes: 100 } as const;
  const event = eventDocumentAt(days * DAY_S, { clip, snapshot: true, done: true });
  await events.insert(event);
  for (const file of ['mp4', 'jpg'] as const) await put(eventKey(LOG_UUID, event.event_id, file));
  return event;
}

describe('a sweep', () => {
  it('removes rows, clips and events by the days of their scenario', async () => {
    const [gone, old, kept] = [await storeEvent(0), await storeEvent(4), await storeEvent(6)];
    for (const day of ['2026-01-12', '2026-01-14']) await put(dayKey(LOG_UUID, day));
    await put(dayKey(OTHER, '2026-01-12'));
    const keepDays = new Map([
      [LOG_UUID, { rows: 5, clips: 2 }],
      [OTHER, { rows: 9, clips: 2 }],
    ]);
    expect(await sweep({ keepDays })).toEqual({ expired: 5, overflow: 0, bytes: 500 });
    const left = [
      ...[eventKey(LOG_UUID, kept.event_id, 'jpg'), eventKey(LOG_UUID, kept.event_id, 'mp4')],
      ...[dayKey(LOG_UUID, '2026-01-14'), dayKey(OTHER, '2026-01-12')],
    ];
    expect(await keysLeft()).toEqual(left.toSorted());
    expect(await events.find(gone)).toBeUndefined();
    expect(await events.find(old)).toMatchObject({ clip: { state: 'removed' }, snapshot: false });
    expect(await events.find(kept)).toEqual(kept);
  });

  it('removes what a scenario that was deleted has left', async () => {
    await put(dayKey(OTHER, '2026-01-16'));
    await put(dayKey(OTHER, '2026-01-17'));
    expect(await sweep()).toMatchObject({ expired: 1, bytes: 100 });
    expect(await keysLeft()).toEqual([dayKey(OTHER, '2026-01-17')]);
  });

  it('removes the oldest clips when there is no room', async () => {
    const [older, newer] = [await storeEvent(5), await storeEvent(6)];
    await put(dayKey(LOG_UUID, '2026-01-17'), 300);
    expect(await sweep({ keepBytes: 500 })).toEqual({ expired: 0, overflow: 2, bytes: 200 });
    expect(await events.find(older)).toMatchObject({ clip: { state: 'removed' }, snapshot: false });
    expect(await events.find(newer)).toEqual(newer);
  });

  it('keeps a tenth of the disk free', async () => {
    await storeEvent(5);
    const disk = (freeBytes: number) => () => Promise.resolve({ freeBytes, sizeBytes: 1000 });
    expect(await sweep({ readDisk: disk(100) })).toMatchObject({ overflow: 0 });
    expect(await sweep({ readDisk: disk(50) })).toMatchObject({ overflow: 1 });
  });

  it('leaves other objects alone', async () => {
    await put('notes/2020-01-01.txt');
    expect(await sweep({ keepBytes: 1 })).toEqual({ expired: 0, overflow: 0, bytes: 0 });
    expect(await keysLeft()).toEqual(['notes/2020-01-01.txt']);
  });
});
