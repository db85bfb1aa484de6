import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { createUniform } from '../bench/uniform.js';
import type { AssembleInput, TrackedVideo } from '../domain/job/activity-contracts.js';
import { BUCKETS, keys, tracksPrefix } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { encodePart, type Part } from '../domain/result/part.js';
import { readFrameLines } from '../domain/result/result-lines.js';
import type { DetectionResult, FrameRow } from '../domain/result/result.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { planOf } from '../test/support/plans.js';
import { assembleResult } from './assemble-result.js';
import { createPlanReader } from './plan-reader.js';
import { trackObjects } from './track-objects.js';

const RANGE_ENDS = [20, 45, 46, 80, 100];
const EVERY = 2;
const BASE = planOf(RANGE_ENDS, EVERY);
const PLAN = { ...BASE, parameters: { ...BASE.parameters, tracking: true } };
const INPUT = { event_id: 'e1', plan_key: keys.plan('e1') };
const ASSEMBLE: AssembleInput = {
  ...{ ...INPUT, first_run_id: 'a-run', video_id: 'cars', rerun_of: null },
  ...{ created_at: '2026-01-02T03:04:05.000Z', status: 'ready' },
  device: { asked: 'auto', used: { cpu: 50 } },
};
/** A skipped frame in the middle of the fourth range; the third one has no sampled frame. */
const SKIPPED = 60;

/** Rows of a range: two people who cross, with inexact boxes, and one who comes and leaves. */
function rowsOf(from: number, to: number): FrameRow[] {
  const rows: FrameRow[] = [];
  for (let frame = Math.ceil(from / EVERY) * EVERY; frame < to; frame += EVERY) {
    const random = createUniform(frame + 1);
    const error = () => Math.round(random() * 3);
    const person = (x: number, y: number, conf: number) => ({
      class: 'person',
      box: [x + error(), y + error(), x + 40 + error(), y + 100 + error()] as const,
      conf,
    });
    const objects = [person(frame * 3, 20, 0.9), person(300 - frame * 3, 60, 0.7)];
    if (frame > 38 && frame < 64) objects.push(person(500, 200, 0.62 + frame / 1000));
    rows.push({ frame, timestamp_ms: frame * 40, objects });
  }
  return rows;
}

const partOf = (range: number): Part => {
  const [from, to] = [RANGE_ENDS[range - 1] ?? 0, RANGE_ENDS[range]!];
  const rows = rowsOf(from, to);
  const isSkipped = ({ frame }: FrameRow) => frame === SKIPPED;
  return {
    device: 'cpu',
    rows: rows.filter((row) => !isSkipped(row)),
    skipped: rows.filter(isSkipped).map(({ frame }) => ({ frame, reason: 'damaged' })),
    failed: [],
  };
};

let store: ObjectStore;
beforeEach(async () => {
  store = await storeParts();
});

async function storeParts(): Promise<ObjectStore> {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
  await objects.put(BUCKETS.results, INPUT.plan_key, JSON.stringify(PLAN));
  for (const range of RANGE_ENDS.keys()) {
    await objects.put(BUCKETS.results, keys.part('e1', range), encodePart(partOf(range)));
  }
  return objects;
}

const environment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

async function track(objects: ObjectStore): Promise<TrackedVideo> {
  const deps = { objects, plans: createPlanReader(objects) };
  return environment().run((input: typeof INPUT) => trackObjects(deps, input), INPUT);
}

async function assembled(): Promise<DetectionResult> {
  const event = eventDocument({ event_id: 'e1', run_id: ASSEMBLE.first_run_id });
  const documents = createMemoryDocumentStore({ events: [event] });
  const deps = { objects: store, documents, plans: createPlanReader(store) };
  await environment().run((input: AssembleInput) => assembleResult(deps, input), ASSEMBLE);
  const text = (await store.get(BUCKETS.results, keys.result('e1'))).toString('utf8');
  return JSON.parse(text) as DetectionResult;
}

/** Stored tracks by key. */
async function storedTracks(objects: ObjectStore): Promise<Record<string, string>> {
  const stored: Record<string, string> = {};
  for await (const key of objects.list(BUCKETS.results, tracksPrefix('e1'))) {
    stored[key] = (await objects.get(BUCKETS.results, key)).toString('utf8');
  }
  return stored;
}

/** The store until a number of objects are written; then its process is gone. */
function killedAfter(objects: ObjectStore, writes: number): ObjectStore {
  let left = writes;
  return {
    ...objects,
    put: (...args) => (left-- > 0 ? objects.put(...args) : Promise.reject(new Error('killed'))),
  };
}

describe('trackObjects', () => {
  it('gives every object of a person one id, over ranges and skipped frames', async () => {
    expect(await track(store)).toEqual({ tracks: 3 });
    const { frames, skipped, tracks, summary } = await assembled();
    expect(skipped).toEqual([{ frame: SKIPPED, reason: 'damaged' }]);
    for (const { objects } of frames) {
      expect(objects.slice(0, 2).map(({ track_id }) => track_id)).toEqual([1, 2]);
    }
    const third = frames.filter(({ objects }) => objects.length > 2);
    expect(new Set(third.map(({ objects }) => objects[2]!.track_id))).toEqual(new Set([3]));
    expect(tracks).toEqual([
      {
        ...{ id: 3, class: 'person', from_ms: 40 * 40, to_ms: 62 * 40 },
        ...{ max_conf: 0.62 + 62 / 1000, best_frame: 62 },
      },
      { id: 1, class: 'person', from_ms: 0, to_ms: 98 * 40, max_conf: 0.9, best_frame: 0 },
      { id: 2, class: 'person', from_ms: 0, to_ms: 98 * 40, max_conf: 0.7, best_frame: 0 },
    ]);
    expect(summary.tracks_by_class).toEqual({ person: 3 });
  });

  it.each(Array.from(RANGE_ENDS.keys()))(
    'stores the same bytes if it is killed after %i ranges',
    async (writes) => {
      const undisturbed = await storeParts();
      await track(undisturbed);
      await expect(track(killedAfter(store, writes))).rejects.toThrow('killed');
      expect(Object.keys(await storedTracks(store))).toHaveLength(writes);
      expect(await track(store)).toEqual({ tracks: 3 });
      expect(await storedTracks(store)).toEqual(await storedTracks(undisturbed));
    },
  );

  it('reads only the ranges that are left', async () => {
    await track(store);
    await store.remove(BUCKETS.results, keys.tracks('e1', 4));
    await store.remove(BUCKETS.results, keys.part('e1', 3));
    expect(await track(store)).toEqual({ tracks: 3 });
  });

  it('computes tracks of another version again', async () => {
    await track(store);
    const before = await storedTracks(store);
    for (const key of Object.keys(before)) {
      await store.put(BUCKETS.results, key, JSON.stringify({ version: 0 }));
    }
    expect(await track(store)).toEqual({ tracks: 3 });
    expect(await storedTracks(store)).toEqual(before);
  });

  it('fails if the detections of a range are missing', async () => {
    await store.remove(BUCKETS.results, keys.part('e1', 2));
    await expect(track(store)).rejects.toThrow('Range 2 of job e1 has no detections');
  });
});

describe('a result with tracks', () => {
  it('has the layout that is read by lines', async () => {
    await track(store);
    await assembled();
    const lines = readFrameLines(await store.getStream(BUCKETS.results, keys.result('e1')));
    let next = await lines.next();
    const ids: (number | undefined)[] = [];
    while (!next.done) {
      if ('objects' in next.value) ids.push(next.value.objects[0]?.track_id);
      next = await lines.next();
    }
    expect(next.value).toEqual({ frames: 50, isComplete: true });
    expect(new Set(ids)).toEqual(new Set([1]));
  });

  it('is not written while tracks are missing', async () => {
    await expect(assembled()).rejects.toThrow('Job e1 has no tracks of range 0');
  });
});
