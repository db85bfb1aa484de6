import { gunzipSync } from 'node:zlib';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { collect } from '../support/collect.js';
import { plainImage } from '../support/plain-image.js';
import { publishClassifier } from '../support/publish-models.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

const BUCKET = 'incoming';
const MODEL = 'fish';
/** Six slices. */
const COUNT = 1500;
/** Different images, which the keys repeat. */
const DISTINCT = 20;
const RUNS_FOR_MS = 170_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  await publishClassifier(stack, MODEL, ['bass', 'salmon', 'trout']);
  await stack.objects.ensureBucket(BUCKET);
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

it(
  'predicts each image once although both workers are killed',
  async () => {
    const images = await pMap(
      Array.from({ length: DISTINCT }, (_, i) => i),
      plainImage,
    );
    for (const [i, image] of images.entries()) await stack.objects.put(BUCKET, `i/${i}`, image);
    const lines = Array.from({ length: COUNT }, (_, i) =>
      JSON.stringify({ key: `i/${i % DISTINCT}`, name: `image ${i}` }),
    );
    await stack.objects.put(BUCKET, 'list.jsonl', lines.join('\n'));
    const { imageBatches } = clientOf(stack);
    const { batch_id } = await imageBatches.start({
      ...{ bucket: BUCKET, list: 'list.jsonl', model: MODEL },
    });
    const parts = async () =>
      (await collect(stack.objects.list(BUCKETS.results, `batches/${batch_id}/parts/`))).length;
    for (const [worker, after] of [
      ['detect_worker', 1],
      ['video_worker', 2],
    ] as const) {
      await expect.poll(parts, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(after);
      const { status } = await imageBatches.get(batch_id);
      expect(status).toBe('processing');
      const pid = stack.workers.pid(worker);
      stack.workers.kill9(worker);
      await stack.workers.restarted(worker, pid);
    }
    for await (const _ of imageBatches.status(batch_id));
    const batch = await imageBatches.get(batch_id);
    expect(batch).toMatchObject({ status: 'ready', total: COUNT, done: COUNT, failed: 0 });
    const table = await stack.objects.get(BUCKETS.results, keys.imageTable(batch_id, 'jsonl.gz'));
    const rows = gunzipSync(table).toString().trimEnd().split('\n');
    const names = rows.map((row) => (JSON.parse(row) as ImageRow).key);
    expect(names).toEqual(Array.from({ length: COUNT }, (_, i) => `image ${i}`));
  },
  RUNS_FOR_MS,
);
