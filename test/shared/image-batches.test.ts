import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { downloadZip } from 'client-zip';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ImageBatch,
  ImageBatchPage,
  ImageBatchRequest,
  StartedImageBatch,
  VidetteClient,
} from '../../client/index.js';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import { imageBatchObjects } from '../../domain/names.js';
import { apiAt, json } from '../support/api.js';
import { collect } from '../support/collect.js';
import { eventsOf } from '../support/event-stream.js';
import { plainImage } from '../support/plain-image.js';
import { publishClassifier } from '../support/publish-models.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const BUCKET = 'image-batches-in';
const MODEL = 'image-batches-fish';
const LABELS = ['bass', 'salmon', 'форель'];
const PREFIX = 'day/';
/** More than one slice. */
const COUNT = 300;
const BROKEN = 17;
const REQUEST: ImageBatchRequest = { bucket: BUCKET, prefix: PREFIX, model: MODEL };

let stack: SharedConnection;
let client: VidetteClient;
/** Keys in the order of the list. */
let keys: readonly string[];

beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  await publishClassifier(stack, MODEL, LABELS);
  await stack.objects.ensureBucket(BUCKET);
  keys = Array.from({ length: COUNT }, (_, i) => `${PREFIX}${String(i).padStart(3, '0')}.png`);
  const put = async (key: string, i: number) =>
    stack.objects.put(BUCKET, key, i === BROKEN ? 'not an image' : await plainImage(i));
  await pMap(keys, put, { concurrency: 8 });
  await stack.objects.put(BUCKET, `${PREFIX}notes.txt`, 'ignored');
});
afterAll(() => stack?.close());

async function waitFor(batchId: string): Promise<ImageBatch> {
  let last: ImageBatch | undefined;
  const states = client.imageBatches.status(batchId, { everyMs: 100 });
  for await (const batch of states) last = batch;
  return last!; // it yields at least once
}

async function rowsOf(batchId: string): Promise<ImageRow[]> {
  const { bucket, key } = await client.imageBatches.table(batchId);
  const lines = gunzipSync(await stack.objects.get(bucket, key))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as ImageRow);
}

describe('a batch of the images of a prefix', () => {
  it('has a row per image in order, with an error for a broken one', async () => {
    const { batch_id, started } = await client.imageBatches.start(REQUEST);
    expect(started).toBe(true);
    const batch = await waitFor(batch_id);
    const counts = { total: COUNT, done: COUNT, failed: 1 };
    expect(batch).toMatchObject({ batch_id, status: 'ready', error: null, ...counts });
    const rows = await rowsOf(batch_id);
    expect(rows.map(({ key }) => key)).toEqual(keys);
    expect(rows[BROKEN]).toMatchObject({ error: expect.any(String) as string });
    const [first] = rows;
    expect(first).toMatchObject({ width: 16, height: 12 });
    const { all_predictions = {} } = first as { all_predictions?: Record<string, number> };
    expect(Object.keys(all_predictions)).toEqual(LABELS);
    const single = await predictSingle(0);
    for (const label of LABELS) {
      expect(all_predictions[label]).toBeCloseTo(single.all_predictions[label]!, 4);
    }
    const again = await client.imageBatches.start(REQUEST);
    expect(again).toEqual({ batch_id, workflow_id: `predict-batch/${batch_id}`, started: false });
  });

  it('is assembled in another format from the same parts', async () => {
    const { batch_id } = await client.imageBatches.start(REQUEST);
    await waitFor(batch_id);
    const csv = await client.imageBatches.start({ ...REQUEST, table: 'csv' });
    expect(csv).toMatchObject({ batch_id, started: true });
    expect(await waitFor(batch_id)).toMatchObject({ status: 'ready', table: { format: 'csv' } });
    const { bucket, key } = await client.imageBatches.table(batch_id);
    const lines = (await stack.objects.get(bucket, key)).toString().trimEnd().split('\r\n');
    expect(lines).toHaveLength(COUNT + 1);
    expect(lines[0]).toBe('key,etag,class,confidence,width,height,p_bass,p_salmon,p_форель,error');
  });

  it('fails above max_failed with its parts, and continues with a higher limit', async () => {
    const request = { ...REQUEST, batch_id: 'image-batches-strict', max_failed: 0 };
    const { batch_id } = await client.imageBatches.start(request);
    expect(await waitFor(batch_id)).toMatchObject({
      ...{ status: 'failed', table: null, failed: 1 },
      error: expect.stringContaining(`1 of ${COUNT} images failed (${keys[BROKEN]}`) as string,
    });
    await client.imageBatches.start({ ...request, max_failed: 0.5 });
    expect(await waitFor(batch_id)).toMatchObject({ status: 'ready', done: COUNT });
    const other = { ...request, prefix: 'night/' };
    await expect(client.imageBatches.start(other)).rejects.toThrow('has other images');
  });
});

it('uploads the images of a folder by their content, and those of a zip', async () => {
  const folder = join(stack.folder, 'photos');
  await mkdir(folder);
  const files = await pMap([1, 2, 1], async (number, index) => {
    const file = { name: `sub/${index}.png`, path: join(folder, `${index}.png`) };
    await writeFile(file.path, await plainImage(number));
    return file;
  });
  const request = await client.imageBatches.upload(files, { model: MODEL });
  const { batch_id } = await client.imageBatches.start(request);
  expect(await waitFor(batch_id)).toMatchObject({ status: 'ready', total: 3, failed: 0 });
  expect((await rowsOf(batch_id)).map(({ key }) => key)).toEqual(files.map(({ name }) => name));
  expect(await client.imageBatches.upload(files, { model: MODEL })).toEqual(request);

  const path = join(stack.folder, 'photos.zip');
  const entries = [{ name: 'a/первый.png', input: await plainImage(1) }];
  const body = downloadZip(entries).body as unknown as AsyncIterable<Uint8Array>;
  await writeFile(path, await buffer(body));
  const zip = await client.imageBatches.uploadZip({ name: 'photos.zip', path }, { model: MODEL });
  const zipped = await client.imageBatches.start(zip);
  expect(await waitFor(zipped.batch_id)).toMatchObject({ status: 'ready', total: 1, failed: 0 });
  expect(await rowsOf(zipped.batch_id)).toMatchObject([{ key: 'a/первый.png', width: 16 }]);
});

describe('the HTTP API', () => {
  const BATCHES = '/batches';

  it('starts, reads, lists, follows, sends and deletes a batch', async () => {
    const api = apiAt(stack.apiUrl);
    const response = await api.post(BATCHES, { ...REQUEST, batch_id: 'image-batches-api' });
    expect(response.status).toBe(202);
    const { batch_id } = await json<StartedImageBatch>(response);
    const at = `${BATCHES}/${batch_id}`;
    expect(response.headers.get('location')).toBe(`/api/v1${at}`);
    const events = await collect(eventsOf(await api.at(`${at}/events`)));
    expect(events.at(-1)).toMatchObject({ event: 'end' });
    const batch = await json<ImageBatch>(api.at(at));
    expect(batch).toEqual(await client.imageBatches.get(batch_id));
    expect(batch).toMatchObject({ status: 'ready', total: COUNT });
    expect((await json<ImageBatchPage>(api.at(BATCHES))).batches).toContainEqual(batch);

    const table = await api.at(`${at}/table`);
    expect(table.headers.get('content-type')).toBe('application/gzip');
    expect(table.headers.get('content-disposition')).toContain(`${batch_id}.jsonl.gz`);
    const whole = Buffer.from(await table.arrayBuffer());
    const range = await api.at(`${at}/table`, { headers: { range: 'bytes=10-19' } });
    expect(range.status).toBe(206);
    expect(Buffer.from(await range.arrayBuffer())).toEqual(whole.subarray(10, 20));

    const deleted = await api.at(at, { method: 'DELETE' });
    expect(await json(deleted)).toMatchObject({ batch_id });
    for (const path of [at, `${at}/table`, `${at}/events`]) {
      expect((await api.at(path)).status).toBe(404);
    }
    const { bucket, prefix } = imageBatchObjects(batch_id);
    expect(await collect(stack.objects.list(bucket, prefix))).toEqual([]);
  });

  it('rejects invalid requests, unknown models and batches', async () => {
    const api = apiAt(stack.apiUrl);
    for (const wrong of [{ ...REQUEST, zip: 'a.zip' }, { ...REQUEST, every: 2 }, { model: MODEL }])
      expect((await api.post(BATCHES, wrong)).status).toBe(400);
    expect((await api.post(BATCHES, { ...REQUEST, model: 'image-batches-none' })).status).toBe(404);
    const path = `${BATCHES}/image-batches-none`;
    expect((await api.at(path)).status).toBe(404);
    expect((await api.at(path, { method: 'DELETE' })).status).toBe(404);
  });
});

it('fails for a source without images', async () => {
  const { batch_id } = await client.imageBatches.start({ ...REQUEST, prefix: 'none/' });
  expect(await waitFor(batch_id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('The source has no images') as string,
  });
});

async function predictSingle(number: number) {
  const form = new FormData();
  const image = new Uint8Array(await plainImage(number));
  form.set('file', new Blob([image]), 'image.png');
  const url = `${stack.apiUrl}/predict?model=${MODEL}`;
  const response = await fetch(url, { method: 'POST', body: form });
  return json<{ readonly all_predictions: Readonly<Record<string, number>> }>(response);
}
