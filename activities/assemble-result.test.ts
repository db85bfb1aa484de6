import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../domain/names.js';
import { encodePart, type Part } from '../domain/result/part.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { readFrameLines } from '../domain/result/result-lines.js';
import type { DetectionResult } from '../domain/result/result.js';
import type { AssembleInput, Assembled } from '../domain/job/activity-contracts.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { planOf } from '../test/support/plans.js';
import { assembleResult } from './assemble-result.js';
import { createPlanReader } from './plan-reader.js';

/** Every second frame of [0, 4), [4, 8), [8, 9): frames 0, 2 | 4, 6 | 8. */
const PLAN = planOf([4, 8, 9], 2);
const INPUT: AssembleInput = {
  first_run_id: 'a-run',
  event_id: 'e1',
  video_id: 'cars',
  plan_key: keys.plan('e1'),
  rerun_of: null,
  created_at: '2026-01-02T03:04:05.000Z',
  device: { asked: 'auto', used: { cpu: 5 } },
  status: 'ready',
};

const object = (name: string) => ({ class: name, box: [1, 2, 3, 4] as const, conf: 0.5 });
const row = (frame: number, ...names: string[]) => {
  return { frame, timestamp_ms: 40 * frame, objects: names.map(object) };
};
const skip = (frame: number) => ({ frame, reason: `no frame ${frame}` });
const PARTS: readonly Part[] = [
  { device: 'cpu', rows: [row(0, 'car', 'bus')], skipped: [skip(2)], failed: [] },
  { device: 'cpu', rows: [row(4), row(6, 'car')], skipped: [], failed: [] },
  { device: 'cpu', rows: [], skipped: [skip(8)], failed: [] },
];

const INDEXED = { poster_frame: 0, duration_ms: 360, size: PLAN.video.size, bytes: 3 };

let store: ObjectStore;
const EVENT = eventDocument({ event_id: 'e1', video_id: 'cars', run_id: INPUT.first_run_id });
let documents: DocumentStore;
beforeEach(async () => {
  store = createMemoryObjectStore();
  documents = createMemoryDocumentStore({ events: [EVENT] });
  for (const bucket of [BUCKETS.results, BUCKETS.videos]) await store.ensureBucket(bucket);
  await store.put(BUCKETS.videos, keys.video('cars'), 'abc');
  await store.put(BUCKETS.results, INPUT.plan_key, JSON.stringify(PLAN));
});

async function putParts(parts: readonly (Part | undefined)[]): Promise<void> {
  for (const [range, part] of parts.entries()) {
    if (part) await store.put(BUCKETS.results, keys.part('e1', range), encodePart(part));
  }
}

/** Runs the activity as a worker does. */
async function assemble(input: AssembleInput = INPUT): Promise<Assembled> {
  const deps = { objects: store, documents, plans: createPlanReader(store) };
  const logger = new DefaultLogger('ERROR');
  const environment = new MockActivityEnvironment({}, { logger });
  return environment.run((each: AssembleInput) => assembleResult(deps, each), input);
}

async function result(): Promise<DetectionResult> {
  const text = (await store.get(BUCKETS.results, keys.result('e1'))).toString('utf8');
  return JSON.parse(text) as DetectionResult;
}

describe('assembleResult', () => {
  it('accounts for every sampled frame, in order', async () => {
    await putParts(PARTS);
    expect(await assemble()).toEqual({
      ...{ frames: 3, skipped: 2, objects: 3 },
      classes: ['car', 'bus'],
      top_classes: [
        ['car', 2],
        ['bus', 1],
      ],
    });
    expect(await documents.findEvent('e1')).toMatchObject({ classes: ['car', 'bus'] });
    const { frames, skipped, summary, ...header } = await result();
    expect(frames).toEqual([row(0, 'car', 'bus'), row(4), row(6, 'car')]);
    expect(skipped).toEqual([skip(2), skip(8)]);
    expect(summary).toEqual({
      ...{ frames: 3, skipped: 2, objects: 3 },
      objects_by_class: { car: 2, bus: 1 },
      warnings: ['a warning'],
    });
    expect(header).toEqual({
      ...{ event_id: 'e1', video_id: 'cars', status: 'ready' },
      video: { ...PLAN.source, ...PLAN.video },
      model: PLAN.model,
      device: INPUT.device,
      parameters: PLAN.parameters,
      created_at: INPUT.created_at,
    });
  });

  it('marks the event as predictable', async () => {
    await putParts(PARTS);
    await assemble();
    const changed = {
      ...EVENT,
      status: 'predictable',
      frames_total: 5,
      classes: ['car', 'bus'],
      indexed: { ...INDEXED, sightings: 2 },
    };
    expect(await documents.findEvent('e1')).toEqual(changed);
  });

  it('stores the sightings of the result and what the library shows of its video, once', async () => {
    await putParts(PARTS);
    await assemble();
    await assemble();
    const { created_at, event_id, video_id } = INPUT;
    const job = { event_id, video_id, scenario_uuid: null, at: new Date(created_at) };
    const found = await documents.sightings.list({ limit: 10 });
    expect(found).toMatchObject([
      { ...job, class: 'bus', from_ms: 0, to_ms: 0, frames: 1, max_conf: 0.5 },
      { ...job, class: 'car', from_ms: 0, to_ms: 240, frames: 2, best: { frame: 0 } },
    ]);
    expect(await documents.libraryVideos.list({ limit: 10 })).toMatchObject([
      { video_id, event_id, classes: ['car', 'bus'], ...INDEXED, sightings: 2 },
    ]);
  });

  it('removes the sightings of an earlier result', async () => {
    await putParts([undefined, PARTS[1], undefined]);
    await assemble({ ...INPUT, status: 'cancelled' });
    const cars = () => documents.sightings.list({ className: 'car', limit: 10 });
    expect(await cars()).toMatchObject([{ first_frame: 6 }]);
    await putParts(PARTS);
    await assemble();
    expect(await cars()).toMatchObject([{ first_frame: 0 }]);
  });

  it('stores no sightings for a job that another run has taken over', async () => {
    await putParts(PARTS);
    await assemble({ ...INPUT, first_run_id: 'an-older-run' });
    expect(await documents.sightings.list({ limit: 10 })).toEqual([]);
    expect(await documents.libraryVideos.list({ limit: 10 })).toEqual([]);
  });

  it('counts the inferred frames of a job with still scenes', async () => {
    const still = { ...PLAN, parameters: { ...PLAN.parameters, still: 4 } };
    await store.put(BUCKETS.results, INPUT.plan_key, JSON.stringify(still));
    const same = { ...row(6, 'car'), same_as: 4 };
    const [first, , last] = PARTS;
    await putParts([
      first,
      { device: 'cpu', rows: [row(4, 'car'), same], skipped: [], failed: [] },
      last,
    ]);
    expect(await assemble()).toMatchObject({ frames: 3, skipped: 2, objects: 4 });
    const { frames, summary } = await result();
    expect(frames.at(-1)).toEqual(same);
    expect(summary).toMatchObject({ frames: 3, inferred: 2, objects: 4 });
  });

  it('writes the layout that is read by lines', async () => {
    await putParts(PARTS);
    await assemble();
    const lines = readFrameLines(await store.getStream(BUCKETS.results, keys.result('e1')));
    let next = await lines.next();
    while (!next.done) next = await lines.next();
    expect(next.value).toEqual({ frames: 5, isComplete: true });
  });

  it('writes a frame a line, and names the event that it repeats', async () => {
    await putParts(PARTS);
    await assemble({ ...INPUT, rerun_of: 'e0' });
    const text = (await store.get(BUCKETS.results, keys.result('e1'))).toString('utf8');
    for (const { rows } of PARTS) {
      for (const each of rows) expect(text).toContain(`\n    ${JSON.stringify(each)}`);
    }
    expect((await result()).rerun_of).toBe('e0');
  });

  it.each([
    ['of skipped frames only', [[], [], []], [[0, 2], [4, 6], [8]]],
    ['without a skipped frame', [[0, 2], [4, 6], [8]], [[], [], []]],
    ['whose first range has no frame', [[], [4, 6], [8]], [[0, 2], [], []]],
  ])('is JSON that can be read for one %s', async (_, detected, skipped) => {
    const parts = detected.map((frames, i) => ({
      device: 'cpu' as const,
      rows: frames.map((frame) => row(frame)),
      skipped: skipped[i]!.map(skip),
      failed: [],
    }));
    await putParts(parts);
    await assemble();
    const read = await result();
    expect(read.frames.map(({ frame }) => frame)).toEqual(detected.flat());
    expect(read.skipped.map(({ frame }) => frame)).toEqual(skipped.flat());
    expect(read).not.toHaveProperty('unprocessed');
  });

  it('lists the frames that a cancelled job did not reach', async () => {
    await putParts([PARTS[0], undefined, undefined]);
    const cancelled = await assemble({ ...INPUT, status: 'cancelled' });
    expect(cancelled).toMatchObject({ frames: 1, skipped: 1, objects: 2 });
    expect(await result()).toMatchObject({
      status: 'cancelled',
      skipped: [skip(2)],
      unprocessed: [{ from: 4, to: 8 }],
    });
    const indexed = { ...INDEXED, sightings: 2 };
    expect(await documents.findEvent('e1')).toEqual({ ...EVENT, classes: ['car', 'bus'], indexed });
  });

  it('writes a readable result if the job was cancelled before its first frame', async () => {
    await assemble({ ...INPUT, status: 'cancelled' });
    expect(await result()).toMatchObject({
      ...{ frames: [], skipped: [] },
      unprocessed: [{ from: 0, to: 8 }],
      summary: { frames: 0, skipped: 0, objects: 0, objects_by_class: {} },
    });
  });

  it('lists no unprocessed frames if the job was cancelled after its last frame', async () => {
    await putParts(PARTS);
    await assemble({ ...INPUT, status: 'cancelled' });
    expect((await result()).unprocessed).toEqual([]);
  });

  it.each([
    ['a part is missing', [PARTS[0], undefined, PARTS[2]], /3 of 5 .*without a part: 1\)/],
    ['a part has too few frames', [PARTS[0], PARTS[2], PARTS[2]], /4 of 5 .*part: none\)/],
    ['a part has too many', [PARTS[1], PARTS[1], PARTS[1]], /6 of 5/],
  ])('fails, and writes no result, when %s', async (_, parts, message) => {
    await putParts(parts);
    const assembled = assemble();
    await expect(assembled).rejects.toMatchObject({ code: 'INCOMPLETE_RESULT', retryable: false });
    await expect(assembled).rejects.toThrow(message);
    expect(await store.stat(BUCKETS.results, keys.result('e1'))).toBeUndefined();
  });
});
