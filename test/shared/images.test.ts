import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createPredictionLog } from '../../adapters/store/mongo-prediction-log.js';
import { readConfig } from '../../config/index.js';
import { createPredictionId } from '../../domain/result/prediction-id.js';
import { json } from '../support/api.js';
import { detailOf, formOf, MOCK_OBJECTS, startImageApi, problem } from '../support/image-api.js';
import { LABELS } from '../support/shared-settings.js';

const api = startImageApi();
const { post, ask } = api;

const TOO_LARGE = 'The image "notes.txt" is larger than 32 MiB, the limit for an image.';
const large = () => Buffer.concat([api.png, Buffer.alloc(33 * 1024 ** 2)]);

/** Records of predictions, the newest first; other tests predict at the same time. */
interface RecordPage {
  readonly predictions: readonly { readonly prediction_id: string }[];
  readonly next: string;
}

const readPage = (query: string) => json<RecordPage>(fetch(`${api.url}/predictions?${query}`));
const readRecords = async () => (await readPage('limit=100')).predictions;

describe('the image model', () => {
  it('is loaded and described before the first request', async () => {
    await expect
      .poll(() => ask('/health'), { timeout: 30_000 })
      .toMatchObject({
        status: 200,
        body: { status: 'healthy', model_loaded: true, result: true },
      });
    expect((await ask('/model_info')).body).toEqual({
      model_name: 'keras',
      version: 1,
      classes: LABELS,
    });
  });
});

describe('POST /predict', () => {
  it('returns every class of a classifier, in any script', async () => {
    const { status, body } = await post('/predict', formOf({}, api.png));
    expect(status).toBe(200);
    const all = body.all_predictions as Record<string, number>;
    expect(Object.keys(all)).toEqual(LABELS);
    expect(Object.values(all).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(all[body.class as string]).toBe(body.confidence);
    expect(body.confidence).toBe(Math.max(...Object.values(all)));
    expect(body.prediction_time).toBeGreaterThan(0);
    expect(body.prediction_time).toBeLessThan(1);
  });

  it('returns the best score per class of a detector', async () => {
    const { body } = await post('/predict?model=mock', formOf({}, api.png));
    const all_predictions = { 'mock-large': 0.875, 'mock-small': 0.5 };
    expect(body).toMatchObject({ class: 'mock-large', confidence: 0.875, all_predictions });
  });

  it('reports that a detector found nothing', async () => {
    const { status, body } = await post('/predict?model=mock&conf=0.9', formOf({}, api.png));
    const all_predictions = { 'mock-large': 0, 'mock-small': 0 };
    expect(status).toBe(200);
    expect(body).toMatchObject({ class: null, confidence: 0, all_predictions });
  });

  it.each([
    ['a text', 'this is a text', 422, 'bad-image'],
    ['half an image', () => api.png.subarray(0, 150), 422, 'bad-image'],
    ['a file of nothing', '', 422, 'bad-image'],
  ])('rejects %s by name', async (_, content, status, kind) => {
    const file = typeof content === 'function' ? content() : content;
    const answer = await post('/predict', formOf({}, file));
    expect(answer).toMatchObject(problem(status, kind));
    expect(detailOf(answer)).toContain('"notes.txt"');
  });

  it('rejects a body that is not a form, an unknown model, and an image that is too large', async () => {
    expect(await post('/predict', { file: { path: '/etc/passwd' } })).toMatchObject(
      problem(400, 'invalid-request'),
    );
    expect(await post('/predict?model=unknown', formOf({}, api.png))).toMatchObject(
      problem(404, 'model-not-found'),
    );
    const tooLarge = await post('/predict', formOf({}, large()));
    expect(tooLarge).toMatchObject(problem(413, 'too-large'));
    expect(detailOf(tooLarge)).toBe(TOO_LARGE);
  });
});

describe('POST /predict/batch', () => {
  it('returns predictions in the order of the images', async () => {
    const black = await sharp({
      create: { width: 8, height: 8, channels: 3, background: 'black' },
    })
      .png()
      .toBuffer();
    const batch = await post('/predict/batch', formOf({}, api.png, black, api.png));
    const found = batch.body.predictions as { confidence: number; prediction_id: string }[];
    expect(found).toHaveLength(3);
    expect(found[2]!.confidence).toBe(found[0]!.confidence);
    expect(found[1]!.confidence).not.toBe(found[0]!.confidence);
    expect(new Set(found.map(({ prediction_id }) => prediction_id)).size).toBe(3);
  });

  it('reports the error of a bad image and predicts the others', async () => {
    const half = api.png.subarray(0, 150);
    const { status, body } = await post(
      '/predict/batch',
      formOf({}, 'text', api.png, half, api.png),
    );
    expect(status).toBe(200);
    const bad = { type: '/problems/bad-image', status: 422, error: 'bad image' };
    const good = { class: expect.any(String) as string };
    expect(body.predictions).toMatchObject([bad, good, bad, good]);
    const ids = (body.predictions as { prediction_id?: string }[]).map(
      (each) => each.prediction_id,
    );
    const recorded = (await readRecords()).map(({ prediction_id }) => prediction_id);
    expect(recorded.filter((id) => ids.includes(id))).toEqual([ids[3], ids[1]]);
  });

  it('reports an image that is too large, and predicts the others', async () => {
    const { status, body } = await post('/predict/batch', formOf({}, api.png, large(), api.png));
    expect(status).toBe(200);
    const bad = { type: '/problems/too-large', status: 413, detail: TOO_LARGE };
    const good = { class: expect.any(String) as string };
    expect(body.predictions).toMatchObject([good, bad, good]);
  });

  it('stops reading an image of unknown length at the limit', async () => {
    const form = formOf({}, api.png, large());
    const { headers, body } = new Request('http://localhost', { method: 'POST', body: form });
    const answer = await ask('/predict/batch', {
      ...{ method: 'POST', body, duplex: 'half' },
      headers: { 'content-type': headers.get('content-type')! },
    });
    expect(answer).toMatchObject(problem(413, 'too-large'));
    expect(detailOf(answer)).toBe(TOO_LARGE);
  });

  it('returns 422 with the error of each image if none could be predicted', async () => {
    const answer = await post('/predict/batch', formOf({}, 'text', ''));
    expect(answer).toMatchObject(problem(422, 'bad-image'));
    expect(answer.body.predictions).toMatchObject([{ status: 422 }, { status: 422 }]);
  });
});

describe('the record of predictions', () => {
  it('is paged from the newest on, with its feedback', async () => {
    const first = await post('/predict', formOf({}, api.png));
    const second = await post('/predict?model=mock', formOf({}, api.png));
    const feedback = { prediction_id: second.body.prediction_id, class: 'кот', box: [1, 2, 3, 4] };
    expect((await post('/feedback', feedback)).status).toBe(201);

    const made = [first, second].map(({ body }) => body.prediction_id);
    const own = (await readRecords()).filter(({ prediction_id }) => made.includes(prediction_id));
    expect(own).toMatchObject([
      {
        prediction_id: second.body.prediction_id,
        image_hash: createHash('md5').update(api.png).digest('hex'),
        predicted_class: 'mock-large',
        confidence: 0.875,
        prediction_time: second.body.prediction_time,
        model: { name: 'mock', version: 1 },
        objects: MOCK_OBJECTS,
        feedback: [{ class: 'кот', box: [1, 2, 3, 4] }],
      },
      { prediction_id: first.body.prediction_id, predicted_class: first.body.class, feedback: [] },
    ]);
    const newest = await readPage('limit=1');
    const next = await readPage(`limit=1&cursor=${newest.next}`);
    const ids = (await readRecords()).map(({ prediction_id }) => prediction_id);
    const at = ids.indexOf(newest.predictions[0]!.prediction_id);
    expect(ids[at + 1]).toBe(next.predictions[0]!.prediction_id);
  });

  it('keeps the objects of a correction next to the detected ones', async () => {
    const { prediction_id } = (await post('/predict?model=mock', formOf({}, api.png))).body;
    const objects = [{ class: 'кот', box: [1.5, 2, 30, 40] }];
    const flat = [{ class: 'кот', box: [30, 2, 30, 40] }];
    expect(await post('/feedback', { prediction_id, objects: flat })).toMatchObject(
      problem(400, 'invalid-request'),
    );
    for (const corrected of [objects, []]) {
      const kept = await post('/feedback', { prediction_id, objects: corrected });
      expect(kept.status).toBe(201);
    }
    const record = (await readRecords()).find((each) => each.prediction_id === prediction_id);
    expect(record).toMatchObject({
      objects: MOCK_OBJECTS,
      feedback: [{ objects }, { objects: [] }],
    });
  });

  it('rejects empty feedback and feedback on an unknown prediction', async () => {
    const prediction_id = 'f'.repeat(24);
    expect(await post('/feedback', { prediction_id, comment: 'no' })).toMatchObject(
      problem(404, 'not-found'),
    );
    expect(await post('/feedback', { prediction_id })).toMatchObject(
      problem(400, 'invalid-request'),
    );
  });
});

describe('GET /metrics', () => {
  it('contains the documented names', async () => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    const mock = 'class="mock-large",model="mock@1"';
    const bucket = 'class="mock-large",model="mock@1",confidence_bucket="0.9"';
    expect(text).toMatch(new RegExp(`^predictions_total\\{${bucket}\\} \\d+$`, 'm'));
    expect(text).toMatch(/^prediction_latency_seconds_bucket\{le="0.1",model="mock@1"\} \d+$/m);
    expect(text).toMatch(new RegExp(`^prediction_confidence_count\\{${mock}\\} \\d+$`, 'm'));
    expect(text).toMatch(/^prediction_errors_total\{code="bad-image",model="none"\} \d+$/m);
    expect(text).toContain('model_info{name="keras",version="1"} 1');
    expect(text).toMatch(/^vidette_api_lanes [12]$/m);
    expect(text).toMatch(/^vidette_queue_backlog\{task_queue="detect-cpu"\} \d+$/m);
    expect(text).toMatch(/^vidette_queue_workers\{task_queue="detect-cpu"\} [1-9]$/m);
  });
});

it('leaves no image on the disk', async () => {
  const folder = join(api.stack.folder, 'scratch', 'api');
  await expect
    .poll(async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile());
    })
    .toEqual([]);
});

it('adds a record to the log once, although it is written again with others', async () => {
  const { documentStore } = readConfig(api.stack.settings);
  const log = createPredictionLog(documentStore.uri, 10_000);
  try {
    const [first, second] = ['first', 'second'].map((hash) => ({
      ...{ prediction_id: createPredictionId(), image_hash: `images-again-${hash}` },
      ...{ predicted_class: null, confidence: 0, prediction_time: 0, time: new Date() },
      model: { name: 'none', version: 1, sha256: '' },
    }));
    await log.insert([first!]);
    await log.insert([first!, second!]);
    const found = (await log.list({ limit: 100 })).map(({ image_hash }) => image_hash);
    const again = found.filter((hash) => hash.startsWith('images-again-'));
    expect(again.sort()).toEqual(['images-again-first', 'images-again-second']);
  } finally {
    await log.close();
  }
});
