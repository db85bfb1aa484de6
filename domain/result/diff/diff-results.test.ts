import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../names.js';
import type { ObjectStore } from '../../ports/object-store.js';
import type { DetectionResult, FrameRow } from '../result.js';
import { collect } from '../../../test/support/collect.js';
import { createMemoryObjectStore } from '../../../test/support/memory-object-store.js';
import { makeResult, OTHER_LAYOUTS, writeOwnLayout } from '../../../test/support/results.js';
import { type DiffOptions, diffResults } from './diff-results.js';

const row = (frame: number, conf: number): FrameRow => ({
  ...{ frame, timestamp_ms: 40 * frame },
  objects: [{ class: 'car', box: [0, 0, 30, 40], conf }],
});
const A = makeResult([row(0, 0.5), row(5, 0.6)], [{ frame: 10, reason: 'damaged' }]);
const B = { ...makeResult([row(0, 0.5), row(5, 0.3), row(10, 0.5)], []), event_id: 'e2' };

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});

async function put(results: readonly DetectionResult[], write = writeOwnLayout): Promise<void> {
  for (const result of results) {
    await objects.put(BUCKETS.results, keys.result(result.event_id), write(result));
  }
}

const diff = async (options: DiffOptions = {}, ids = { a: 'e1', b: 'e2' }) =>
  collect(await diffResults(objects, ids, options));

describe('diffResults', () => {
  it('yields each frame and a summary with both sides', async () => {
    await put([A, B]);
    const lines = await diff();
    expect(lines.slice(0, -1)).toMatchObject([
      { type: 'frame', frame: 0, same: [{ conf_change: 0 }] },
      { type: 'frame', frame: 5, same: [{ conf_change: -0.3 }] },
      { type: 'skipped', frame: 10, reason_a: 'damaged', reason_b: null },
    ]);
    const side = { model: A.model, conf: 0.25 };
    expect(lines.at(-1)).toEqual({
      ...{ type: 'summary', video_id: 'v1', different_options: [] },
      ...{ a: { ...side, event_id: 'e1' }, b: { ...side, event_id: 'e2' } },
      ...{ frames: 2, frames_different: 0, frames_skipped: 1 },
      ...{ same: 2, changed: 0, vanished: 0, appeared: 0, conf_change: -0.15 },
      by_class: expect.anything() as unknown,
    });
  });

  it('applies a threshold to each side, and omits frames that do not differ', async () => {
    await put([A, B]);
    const lines = await diff({ confB: 0.4, onlyDifferent: true });
    expect(lines).toMatchObject([
      { frame: 5, vanished: [{ conf: 0.6 }] },
      { frame: 10 },
      { type: 'summary', frames: 2, frames_different: 1, b: { conf: 0.4 } },
    ]);
  });

  it.each(Object.entries(OTHER_LAYOUTS))('is the same from results of %s', async (_, write) => {
    await put([A, B]);
    const expected = await diff();
    await put([A, B], write);
    expect(await diff()).toEqual(expected);
  });

  it('names what makes results incomparable', async () => {
    await put([
      A,
      {
        ...{ ...B, video: { ...B.video, etag: 'other' } },
        parameters: { ...B.parameters, every: 7, from_ms: 500, conf: 0.1 },
      },
    ]);
    await expect(diff()).rejects.toMatchObject({
      code: 'NOT_COMPARABLE',
      message: expect.stringMatching(
        /e1 and e2 .*etag.*other.*every is 5 and 7; from_ms is 0 and 500\./,
      ) as string,
    });
  });

  it('names other options than the model that differ', async () => {
    const parameters = { ...B.parameters, conf: 0.1, classes: ['car'], from_ms: 0 };
    await put([A, { ...B, parameters }]);
    expect((await diff()).at(-1)).toMatchObject({ different_options: ['conf', 'classes'] });
  });

  it('rejects a confidence that the result cannot show, and a job without a result', async () => {
    await put([A, B]);
    const bad = { code: 'INVALID_INPUT', message: expect.stringContaining('0.25 to 1') as string };
    for (const confA of [0.1, 1.1, NaN]) await expect(diff({ confA })).rejects.toMatchObject(bad);
    await expect(diff({}, { a: 'e1', b: 'e3' })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('fails instead of ending with a summary if a result is cut off', async () => {
    const summary = { ...B.summary, frames: 4 };
    await put([A, { ...B, summary }]);
    await expect(diff()).rejects.toMatchObject({ code: 'INCOMPLETE_RESULT' });
  });

  it('ends when it is aborted, also while no frame differs', async () => {
    await put([A, B]);
    const aborted = new AbortController();
    const lines = await diffResults(objects, { a: 'e1', b: 'e2' }, { signal: aborted.signal });
    aborted.abort(new Error('left'));
    await expect(collect(lines)).rejects.toThrow('left');
  });
});
