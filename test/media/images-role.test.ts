import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hashOfKey } from '../../domain/api-key.js';
import { readTestImage } from '../../sample/test-image.js';
import { type RunningRole, runRole, startRole } from '../support/images-role.js';

let folder: string;
let models: string;
let image: Buffer;
let role: RunningRole;
let key: string;
let predictionId: string;

const KEY = /^API key, which is shown only once: (vidette_\S+)$/m;

const ask = (path: string, init: RequestInit = {}, sent: string | undefined = key) =>
  fetch(`${role.url}${path}`, {
    ...init,
    headers: { ...init.headers, ...(sent && { authorization: `Bearer ${sent}` }) },
  });
const form = (fields: Record<string, string> = {}, count = 1) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  for (let i = 0; i < count; i++) body.append('file', new Blob([new Uint8Array(image)]), 'a.jpg');
  return { method: 'POST', body };
};
const post = (path: string, body: object) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-role-'));
  models = inject('modelsDir');
  ({ bytes: image } = await readTestImage());
  role = await startRole(folder, { VIDETTE_MODELS_DIR: models });
  // Printed before the process is ready.
  key = KEY.exec(role.errors())![1]!;
});
afterAll(async () => {
  await role?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the role images without any server', () => {
  it('keeps the hash of its key only', async () => {
    const stored = await readFile(join(folder, 'data', 'images-key.json'), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ hash: hashOfKey(key) });
    expect(stored).not.toContain(key);
  });

  it('rejects requests without its key', async () => {
    const answer = await ask('/predict', form(), '');
    expect(answer.status).toBe(401);
    const { detail } = (await answer.json()) as { detail: string };
    expect(detail).toContain('printed its key when it first started');
    expect(detail).not.toContain('vidette keys create');
    expect((await ask('/health', {}, '')).status).toBe(200);
  });

  it('predicts an image, several images, and the objects of one', async () => {
    const one = (await (await ask('/predict', form())).json()) as Record<string, unknown>;
    expect(one).toMatchObject({
      class: expect.any(String) as string,
      confidence: expect.any(Number) as number,
    });
    predictionId = one['prediction_id'] as string;
    const batch = (await (await ask('/predict/batch', form({}, 2))).json()) as {
      predictions: unknown[];
    };
    expect(batch.predictions).toHaveLength(2);
    const detected = (await (await ask('/detect', form())).json()) as {
      prediction: { objects: { class: string }[] };
    };
    expect(detected.prediction.objects.map((object) => object.class)).toContain(one['class']);
  });

  it('cuts out the main object', async () => {
    const answer = await ask('/process', {
      ...form({ mode: 'crop' }),
      headers: { accept: 'image/png' },
    });
    const { format, width } = await sharp(await answer.arrayBuffer()).metadata();
    expect([answer.status, format]).toEqual([200, 'png']);
    expect(width).toBeGreaterThan(10);
  });

  it('lists predictions with their feedback', async () => {
    const given = { prediction_id: predictionId, class: 'bird', comment: 'a bird' };
    expect((await post('/feedback', given)).status).toBe(201);
    const absent = { prediction_id: '0'.repeat(24), comment: 'none' };
    expect((await post('/feedback', absent)).status).toBe(404);
    const { predictions } = (await (await ask('/predictions')).json()) as {
      predictions: { prediction_id: string; feedback: unknown[] }[];
    };
    expect(predictions.length).toBeGreaterThanOrEqual(4);
    const found = predictions.find(({ prediction_id }) => prediction_id === predictionId);
    expect(found?.feedback).toMatchObject([{ class: 'bird', comment: 'a bird', by: 'images' }]);
  });

  it('reports its role, its model and its metrics', async () => {
    expect(await (await ask('/health')).json()).toMatchObject({ status: 'healthy' });
    expect(await (await ask('/readyz')).json()).toEqual({ ready: true, unavailable: [] });
    expect(await (await ask('/api/v1/system')).json()).toMatchObject({
      ...{ role: 'images', temporal_ui: null, stored: null },
    });
    const info = (await (await ask('/model_info')).json()) as { model_name: string };
    const list = (await (await ask('/api/v1/models')).json()) as { models: { name: string }[] };
    expect(list.models.map(({ name }) => name)).toContain(info.model_name);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain('vidette_api_frames_total');
    expect(metrics).not.toContain('vidette_queue_backlog');
  });

  it('serves the page', async () => {
    const page = await ask('/', {}, '');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });

  it.each([
    ['GET', '/api/v1/jobs'],
    ['GET', '/api/v1/videos'],
    ['GET', '/api/v1/streams'],
    ['GET', `/api/v1/pictures/${'0'.repeat(64)}`],
    ['GET', '/api/v1/experiments'],
    ['GET', '/api/v1/retrainings'],
    ['POST', '/api/v1/jobs'],
    ['POST', '/feedback'],
  ])('answers %s %s with the servers that it lacks', async (method, path) => {
    const frame = { event_id: 'job', frame_id: 1, objects: [] };
    const body = path === '/feedback' ? frame : { video_id: 'clip' };
    const answer = await (method === 'GET' ? ask(path) : post(path, body));
    const problem = (await answer.json()) as { type: string; detail: string };
    expect([answer.status, problem.type]).toEqual([501, '/problems/not-in-role']);
    for (const server of ['Temporal', 'the object store', 'the document store']) {
      expect(problem.detail).toContain(server);
    }
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('loads neither the native library of Temporal nor its clients', async () => {
    const maps = await readFile(`/proc/${role.child.pid}/maps`, 'utf8');
    expect(maps).toContain('sharp');
    expect(maps).not.toContain('@temporalio');
  });

  it('writes to its data folder only, and ends by SIGTERM', async () => {
    expect(await role.stop()).toBe(0);
    expect(role.errors().match(/vidette_/g)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['data']);
  });
});

it('serves everyone with VIDETTE_API_OPEN, and continues the log', async () => {
  role = await startRole(folder, { VIDETTE_MODELS_DIR: models, VIDETTE_API_OPEN: 'true' });
  expect((await ask('/predict', form(), '')).status).toBe(200);
  const log = await (await ask('/predictions', {}, '')).json();
  expect(JSON.stringify(log)).toContain('a bird');
  expect(await role.stop()).toBe(0);
  expect(role.errors()).toBe('');
});

it('ends with one line that says what is missing', async () => {
  const { code, errors } = await runRole(folder, { VIDETTE_MODELS_DIR: '.' });
  expect(code).toBe(1);
  expect(errors).toMatch(/^No model "yolox_nano" in the catalogue \(available: none\)\..*\n$/);
});

it('ends with one line that names a wrong setting', async () => {
  const { code, errors } = await runRole(folder, { VIDETTE_API_LANES: 'many' });
  expect(code).toBe(1);
  expect(errors).toMatch(/^Invalid configuration: VIDETTE_API_LANES: .*\n$/);
});
