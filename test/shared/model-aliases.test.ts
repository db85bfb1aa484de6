import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { ModelAlias } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { sha256OfFile } from '../../platform/file-hash.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import { recogniseFile, writeFixtureModel } from '../support/fixture-models.js';
import { publishMockVersions } from '../support/publish-models.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

/** Classifier of two versions that run, one whose file is damaged, and one that is not a model. */
const FISH = 'model-aliases-fish';
const LABELS = [
  ['a', 'b', 'c'],
  ['x', 'y', 'z'],
];
const [DAMAGED, NOT_A_MODEL] = [3, 4];
/** Detector of two versions. */
const MOCK = 'model-aliases-mock';
const VIDEO = 'model-aliases-video';
/** Time within which the API notices that an alias has moved, and time to load the version. */
const FRESH_MS = 10_000;
const LOAD_MS = 5000;

let stack: SharedConnection;
let api: TestApi;
beforeAll(async () => {
  stack = await connectSharedStack();
  await publishFish();
  await publishMockVersions(stack, MOCK);
  await vidette('models', 'alias', FISH, 'champion', '1', '--reason', 'the first');
  const models = { VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: `models:/${FISH}@champion` };
  api = await startApi(stack, { ...models, VIDETTE_TEST_TIMING: '{}' });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const vidette = (...args: string[]) => commandOn(stack, ...args);

async function publishFish(): Promise<void> {
  const registry = createModelRegistry(stack.objects);
  const path = await writeFixtureModel(stack.folder, 'keras');
  const facts = { name: FISH, licence: 'none', source: 'test' };
  const publish = async (file: string, labels: readonly string[]) => {
    const content = { sha256: await sha256OfFile(file), size_bytes: (await readFile(file)).length };
    await registry.publish(file, {
      ...facts,
      ...content,
      ...(await recogniseFile(path, { labels })),
    });
  };
  for (const labels of [...LABELS, ['damaged', 'b', 'c']]) await publish(path, labels);
  await stack.objects.put(BUCKETS.models, keys.model(FISH, DAMAGED), 'damaged');
  const text = join(stack.folder, 'text.onnx');
  await writeFile(text, 'not a model');
  await publish(text, LABELS[0]!);
}

interface Predicted {
  readonly status: number;
  readonly version: number | undefined;
  readonly detail: string | undefined;
}

/** Predicts an image; the labels of the response tell the version. */
async function predict(query = ''): Promise<Predicted> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(await readImage())]), 'image.png');
  const response = await fetch(`${api.url}/predict${query}`, { method: 'POST', body: form });
  const body = await json<{ all_predictions?: Record<string, number>; detail?: string }>(response);
  const labels = Object.keys(body.all_predictions ?? {}).join();
  const index = LABELS.findIndex((each) => each.join() === labels);
  return {
    status: response.status,
    version: index < 0 ? undefined : index + 1,
    detail: body.detail,
  };
}

let image: Promise<Buffer> | undefined;
const readImage = () =>
  (image ??= import('sharp').then(({ default: sharp }) =>
    sharp({ create: { width: 64, height: 64, channels: 3, background: 'white' } })
      .png()
      .toBuffer(),
  ));

async function change(method: string, path: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  const response = await api.at(`/models/${path}`, { method, headers, body: text });
  return { status: response.status, body: await json<Record<string, unknown>>(response) };
}

const promote = (version: number) => change('POST', `${FISH}/promote`, { version });

// Each test continues from the state that the previous one left.
describe('the model of POST /predict', () => {
  it('is the version of its alias', async () => {
    await expect.poll(predict, { timeout: 30_000 }).toMatchObject({ status: 200, version: 1 });
    const info = await json(fetch(`${api.url}/model_info`));
    expect(info).toEqual({ model_name: FISH, version: 1, classes: LABELS[0] });
  });

  it('is that of a moved alias within 10 s, and no request fails', async () => {
    const stop = new AbortController();
    const predicted: (Predicted & { readonly at: number })[] = [];
    const send = async () => {
      while (!stop.signal.aborted) predicted.push({ ...(await predict()), at: performance.now() });
    };
    const senders = Array.from({ length: 4 }, send);
    await sleep(1000);
    expect(await promote(2)).toMatchObject({ status: 200, body: { version: 2 } });
    const movedAt = performance.now();
    await expect.poll(() => predicted.at(-1)?.version, { timeout: 30_000 }).toBe(2);
    await sleep(2000);
    stop.abort();
    await Promise.all(senders);
    expect(predicted.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(predicted.map(({ version }) => version))).toEqual(new Set([1, 2]));
    const old = predicted.filter(({ version }) => version === 1);
    expect(old.at(-1)!.at - movedAt).toBeLessThan(FRESH_MS + LOAD_MS);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toContain(`model_info{name="${FISH}",version="2"} 1`);
  });

  it('is named by a request in each form', async () => {
    for (const [spec, version] of [
      [`${FISH}@previous`, 1],
      [`models:/${FISH}/2`, 2],
      [`models:/${FISH}@champion`, 2],
    ] as const) {
      const query = `?model=${encodeURIComponent(spec)}`;
      expect(await predict(query)).toMatchObject({ status: 200, version });
    }
  });

  it('is rejected with the aliases that exist if the alias is unknown', async () => {
    const { status, detail } = await predict(`?model=${FISH}@night`);
    expect(status).toBe(404);
    expect(detail).toContain('(its aliases: champion, previous)');
  });
});

describe('an alias', () => {
  it('does not move to a version that cannot run', async () => {
    expect(await promote(DAMAGED)).toMatchObject({
      status: 503,
      body: { type: '/problems/model-unavailable' },
    });
    expect(await promote(NOT_A_MODEL)).toMatchObject({
      status: 422,
      body: { type: '/problems/model-invalid' },
    });
    const promoted = vidette('models', 'promote', `${FISH}@${NOT_A_MODEL}`);
    await expect(promoted).rejects.toThrow(/MODEL_INVALID/);
    expect(await predict()).toMatchObject({ status: 200, version: 2 });
  });

  it('is rolled back by the command line, which lists who changed it', async () => {
    const rolledBack = vidette('models', 'rollback', FISH, '--from', '2', '--reason', 'worse');
    expect(await rolledBack).toMatchObject({ version: 1, reason: 'worse' });
    const history = (await vidette('models', 'history', FISH)) as ModelAlias[];
    expect(history.map(({ action, version }) => [action, version])).toEqual([
      ['rollback', 1],
      ['promote', 2],
      ['set', 1],
    ]);
    expect(history[1]!.by).toBe('address 127.0.0.1');
    expect(history[0]!.by).toContain('@');
    const listed = (await vidette('models', 'list')) as { name: string; aliases: string[] }[];
    const aliases = listed.filter(({ name }) => name === FISH).map((each) => each.aliases);
    expect(aliases).toEqual([['champion'], ['previous'], [], []]);
  });

  it('loses no change of those that are made at the same time', async () => {
    const moves = Array.from({ length: 8 }, (_, i) =>
      change('PUT', `${MOCK}/aliases/raced`, { version: 1 + (i % 2) }),
    );
    const changed = await Promise.all(moves);
    expect(changed.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const { models } = clientOf(stack);
    const { changes } = await models.history(MOCK, { limit: 100 });
    const chain = changes.map(({ version, previous }) => [version, previous?.version]).reverse();
    chain.forEach(([, previous], i) => expect(previous).toBe(chain[i - 1]?.[0]));
    expect((await models.aliases(MOCK))[0]).toMatchObject({ version: chain.at(-1)![0] });
  });

  it('keeps its version from being removed', async () => {
    await expect(vidette('models', 'remove', `${FISH}@1`)).rejects.toThrow(
      'has the alias champion',
    );
  });
});

describe('a job', () => {
  it('keeps the version of its start when the alias moves', async () => {
    const path = join(stack.folder, 'clip.mp4');
    await makeClip({ ...CLIP_KINDS[0]!, frames: 100 }, path);
    await stack.putVideo(VIDEO, path);
    const client = clientOf(stack);
    const { models } = client;
    await models.setAlias(MOCK, 'night', { version: 1, by: 'test' });
    const eventId = 'model-aliases-job';
    const model = `${MOCK}@night`;
    const job = await stack.start({ video_id: VIDEO, event_id: eventId, model });
    await expect.poll(() => stack.documents.findEvent(eventId), { timeout: 30_000 }).toBeDefined();
    await models.setAlias(MOCK, 'night', { version: 2, by: 'test' });
    await job.result();
    expect((await stack.result(eventId)).model).toMatchObject({ name: MOCK, version: 1 });
    const next = await client.submit({ video_id: VIDEO }, { model: `models:/${MOCK}@night` });
    await client.result(next.event_id);
    expect((await stack.result(next.event_id)).model).toMatchObject({ name: MOCK, version: 2 });
  });
});
