import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { type TestApi, startApi } from '../support/api.js';
import { type TestStack, startStack } from '../support/stack.js';
import { placeNetwork, recognised } from '../support/test-networks.js';

const LABELS = ['цветок', 'дерево', '草'];
let stack: TestStack;
let api: TestApi;
let elsewhere: Server;
/** 128 x 96, white left of its middle and black right of it. */
let png: Buffer;

beforeAll(async () => {
  stack = await startStack({ VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true' });
  await publish();
  const white = { create: { width: 64, height: 96, channels: 3, background: 'white' } } as const;
  png = await sharp({ create: { width: 128, height: 96, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
  elsewhere = createServer(({ url }, response) => {
    if (url === '/picture.txt') response.end(png);
    else if (url === '/page.png') response.end('<html>no picture</html>');
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  api = await startApi(stack, { VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: 'keras' });
});
afterAll(async () => {
  elsewhere?.close();
  await api?.stop();
  await stack?.close();
});

/** The made network, and small ones of the fixture: one that classifies, one that segments. */
async function publish(): Promise<void> {
  const registry = createModelRegistry(stack.objects);
  const folder = join(stack.folder, 'networks');
  await mkdir(folder);
  const { bytes, manifest } = createMockModel();
  await writeFile(join(folder, 'mock.onnx'), bytes);
  await registry.publish(join(folder, 'mock.onnx'), manifest);
  for (const [name, labels] of [['keras', LABELS], ['masks']] as const) {
    const path = await placeNetwork(folder, name);
    const file = await readFile(path);
    const found = await recognised(path, labels ? { labels } : {});
    const sha256 = createHash('sha256').update(file).digest('hex');
    const facts = { name, sha256, size_bytes: file.length, licence: 'none', source: 'test' };
    await registry.publish(path, { ...facts, ...found });
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

function formOf(fields: Record<string, string>, ...files: (Buffer | string)[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  // A name that lies: content counts.
  for (const file of files)
    form.append(
      'file',
      new Blob([typeof file === 'string' ? file : new Uint8Array(file)]),
      'notes.txt',
    );
  return form;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${api.url}${path}`, init);
  const type = response.headers.get('content-type') ?? '';
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type, body };
}
const post = (path: string, body: FormData | object, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    ...(body instanceof FormData
      ? { body, headers }
      : {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        }),
  });
const addressOf = (path: string) =>
  `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${path}`;
const problem = (status: number, kind: string) => ({
  status,
  type: 'application/problem+json',
  body: { type: `/problems/${kind}`, status },
});
const detailOf = ({ body }: Answer) => body.detail as string;

const MOCK_OBJECTS = [
  { class: 'mock-large', box: [32, 24, 96, 72], conf: 0.875 },
  { class: 'mock-small', box: [80, 12, 112, 36], conf: 0.5 },
];

describe('the model of pictures', () => {
  it('is loaded without a request, and told', async () => {
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
  it('gives every class of a classifier, in any script', async () => {
    const { status, body } = await post('/predict', formOf({}, png));
    expect(status).toBe(200);
    const all = body.all_predictions as Record<string, number>;
    expect(Object.keys(all)).toEqual(LABELS);
    expect(Object.values(all).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(all[body.class as string]).toBe(body.confidence);
    expect(body.confidence).toBe(Math.max(...Object.values(all)));
    expect(body.prediction_time).toBeGreaterThan(0);
    expect(body.prediction_time).toBeLessThan(1);
  });

  it('takes the best score by class of a detector', async () => {
    const { body } = await post('/predict?model=mock', formOf({}, png));
    const all_predictions = { 'mock-large': 0.875, 'mock-small': 0.5 };
    expect(body).toMatchObject({ class: 'mock-large', confidence: 0.875, all_predictions });
  });

  it('says that a detector found nothing', async () => {
    const { status, body } = await post('/predict?model=mock&conf=0.9', formOf({}, png));
    const all_predictions = { 'mock-large': 0, 'mock-small': 0 };
    expect(status).toBe(200);
    expect(body).toMatchObject({ class: null, confidence: 0, all_predictions });
  });

  it.each([
    ['a text', 'this is a text', 422, 'bad-picture'],
    ['half a picture', () => png.subarray(0, 150), 422, 'bad-picture'],
    ['a file of nothing', '', 422, 'bad-picture'],
  ])('refuses %s by name', async (_, content, status, kind) => {
    const file = typeof content === 'function' ? content() : content;
    const answer = await post('/predict', formOf({}, file));
    expect(answer).toMatchObject(problem(status, kind));
    expect(detailOf(answer)).toContain('"notes.txt"');
  });

  it('refuses what is no form, a model that is not there, a picture that is too large', async () => {
    expect(await post('/predict', { file: { path: '/etc/passwd' } })).toMatchObject(
      problem(400, 'invalid-request'),
    );
    expect(await post('/predict?model=nobody', formOf({}, png))).toMatchObject(
      problem(404, 'model-not-found'),
    );
    const large = Buffer.concat([png, Buffer.alloc(33 * 1024 ** 2)]);
    expect(await post('/predict', formOf({}, large))).toMatchObject(problem(413, 'too-large'));
  });
});

describe('POST /predict/batch', () => {
  it('gives predictions in the order of the pictures', async () => {
    const black = await sharp({
      create: { width: 8, height: 8, channels: 3, background: 'black' },
    })
      .png()
      .toBuffer();
    const batch = await post('/predict/batch', formOf({}, png, black, png));
    const found = batch.body.predictions as { confidence: number; prediction_id: string }[];
    expect(found).toHaveLength(3);
    expect(found[2]!.confidence).toBe(found[0]!.confidence);
    expect(found[1]!.confidence).not.toBe(found[0]!.confidence);
    expect(new Set(found.map(({ prediction_id }) => prediction_id)).size).toBe(3);
  });

  it('says of a bad picture what is wrong with it, and looks at the others', async () => {
    const half = png.subarray(0, 150);
    const { status, body } = await post('/predict/batch', formOf({}, 'text', png, half, png));
    expect(status).toBe(200);
    const bad = { type: '/problems/bad-picture', status: 422, error: 'bad picture' };
    const good = { class: expect.any(String) as string };
    expect(body.predictions).toMatchObject([bad, good, bad, good]);
    const { predictions } = (await ask('/predictions?limit=2')).body as {
      predictions: { prediction_id: string }[];
    };
    const [, second, , fourth] = body.predictions as { prediction_id: string }[];
    expect(predictions.map(({ prediction_id }) => prediction_id)).toEqual([
      fourth!.prediction_id,
      second!.prediction_id,
    ]);
  });

  it('is a 422 when no picture could be looked at, with what is wrong with each', async () => {
    const answer = await post('/predict/batch', formOf({}, 'text', ''));
    expect(answer).toMatchObject(problem(422, 'bad-picture'));
    expect(answer.body.predictions).toMatchObject([{ status: 422 }, { status: 422 }]);
  });
});

describe('POST /detect', () => {
  const frame = { event_id: 'e1', frame_id: 35, bucket: 'frames' };

  it('takes an upload, and an address whatever it calls the picture', async () => {
    const upload = await post('/detect', formOf({}, png));
    expect(upload.body).toMatchObject({
      ...{ event_id: null, frame_id: 0, bucket: null },
      prediction: { frame: 0, objects: MOCK_OBJECTS },
    });
    const address = await post('/detect', { url: addressOf('/picture.txt') });
    expect(address.body.prediction).toEqual({ frame: 0, objects: MOCK_OBJECTS });
  });

  it('takes a frame in base64, and one of the store', async () => {
    const data = await post('/detect', { ...frame, frame_data: png.toString('base64') });
    const prediction = { frame: 35, objects: MOCK_OBJECTS };
    expect(data.body).toMatchObject({ ...frame, prediction });
    await stack.objects.put(BUCKETS.frames, keys.frame('e1', 35), png);
    const stored = await post('/detect', { ...frame, frame_path: keys.frame('e1', 35) });
    expect(stored.body).toMatchObject({ ...frame, prediction });
  });

  it('names the frame that is bad or not there', async () => {
    const bad = await post('/detect', { ...frame, frame_data: 'bm8gcGljdHVyZQ==' });
    expect(bad).toMatchObject(problem(422, 'bad-picture'));
    expect(detailOf(bad)).toContain('Frame 35 of event e1');
    const half = png.subarray(0, 150).toString('base64');
    const damaged = await post('/detect', { ...frame, frame_data: half });
    expect(damaged).toMatchObject(problem(422, 'bad-picture'));
    expect(detailOf(damaged)).toContain('Frame 35 of event e1');
    const lost = await post('/detect', { ...frame, frame_path: 'frames/e1/40.jpg' });
    expect(lost).toMatchObject(problem(404, 'not-found'));
  });

  it.each([
    [{}, 'expected one of file, url, frame_data, frame_path, received none'],
    [{ url: 'http://a/b', frame_data: 'aa' }, 'received url and frame_data'],
    [{ frame_data: 'aa' }, 'a frame needs event_id and frame_id'],
    [{ ...frame, bucket: 'models', frame_path: 'a' }, 'a key of the bucket "frames"'],
  ])('says what is wrong with %j', async (body, text) => {
    const answer = await post('/detect', body);
    expect(answer).toMatchObject(problem(400, 'invalid-request'));
    expect(detailOf(answer)).toContain(text);
  });

  it('refuses a classifier', async () => {
    const answer = await post('/detect?model=keras', formOf({}, png));
    expect(answer).toMatchObject(problem(400, 'invalid-input'));
  });
});

describe('POST /process', () => {
  const sizeOf = async (base64: string) => {
    const { width, height, format } = await sharp(Buffer.from(base64, 'base64')).metadata();
    return `${format} ${width}x${height}`;
  };

  it.each([
    ['crop', ['png 78x58']],
    ['blur', ['png 128x96']],
    ['both', ['png 78x58', 'png 128x96']],
  ])('makes of mode %s %j', async (mode, sizes) => {
    for (const body of [formOf({ mode }, png), { url: addressOf('/picture.txt'), mode }]) {
      const { status, body: answer } = await post('/process', body);
      expect(status).toBe(200);
      expect(await Promise.all((answer.result as string[]).map(sizeOf))).toEqual(sizes);
    }
  });

  it('gives the bare picture to whom accepts pictures, but never two', async () => {
    const send = (mode: string) =>
      fetch(`${api.url}/process?model=masks`, {
        method: 'POST',
        body: formOf({ mode }, png),
        headers: { accept: 'image/*' },
      });
    const bare = await send('blur');
    expect(bare.headers.get('content-type')).toBe('image/png');
    const { width } = await sharp(Buffer.from(await bare.arrayBuffer())).metadata();
    expect(width).toBe(128);
    const both = await send('both');
    expect(both.status).toBe(406);
    expect(await both.text()).toContain('Accept: application/json');
  });

  it('names the three modes, and what is wrong with an address or a picture', async () => {
    const spin = await post('/process', formOf({ mode: 'spin' }, png));
    expect(spin).toMatchObject(problem(400, 'invalid-request'));
    expect(detailOf(spin)).toContain('crop, blur, both');
    for (const path of ['/page.png', '/nothing']) {
      const answer = await post('/process', { url: addressOf(path), mode: 'crop' });
      expect(answer.status).toBe(400);
    }
    const nothing = await post('/process?conf=0.95', formOf({ mode: 'crop' }, png));
    expect(nothing).toMatchObject({ status: 422, body: { error: 'object not found' } });
  });
});

describe('the record of predictions', () => {
  it('is paged from the newest on, with what people say', async () => {
    const first = await post('/predict', formOf({}, png));
    const second = await post('/predict?model=mock', formOf({}, png));
    const said = { prediction_id: second.body.prediction_id, class: 'кот', box: [1, 2, 3, 4] };
    expect((await post('/feedback', said)).status).toBe(201);

    const newest = (await ask('/predictions?limit=1')).body;
    expect(newest.predictions).toMatchObject([
      {
        prediction_id: second.body.prediction_id,
        image_hash: createHash('md5').update(png).digest('hex'),
        predicted_class: 'mock-large',
        confidence: 0.875,
        prediction_time: second.body.prediction_time,
        model: { name: 'mock', version: 1 },
        objects: MOCK_OBJECTS,
        feedback: [{ class: 'кот', box: [1, 2, 3, 4] }],
      },
    ]);
    const next = (await ask(`/predictions?limit=1&cursor=${String(newest.next)}`)).body;
    expect(next.predictions).toMatchObject([
      { prediction_id: first.body.prediction_id, predicted_class: first.body.class, feedback: [] },
    ]);
  });

  it('takes no feedback of nothing, or to nothing', async () => {
    const prediction_id = 'f'.repeat(24);
    expect(await post('/feedback', { prediction_id, comment: 'no' })).toMatchObject(
      problem(404, 'not-found'),
    );
    expect(await post('/feedback', { prediction_id })).toMatchObject(
      problem(400, 'invalid-request'),
    );
  });
});

describe('what is measured', () => {
  it('has the promised names', async () => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/^predictions_total\{class="mock-large",confidence_bucket="0.9"\} \d+$/m);
    expect(text).toMatch(/^prediction_latency_seconds_bucket\{le="0.1"\} \d+$/m);
    expect(text).toMatch(/^prediction_confidence_count\{class="mock-large"\} \d+$/m);
    expect(text).toMatch(/^prediction_errors_total\{code="bad-picture"\} \d+$/m);
    expect(text).toContain('model_info{name="keras",version="1"} 1');
    expect(text).toMatch(/^vidette_api_lanes [12]$/m);
    expect(text).toMatch(/^vidette_queue_backlog\{task_queue="detect-cpu"\} 0$/m);
    expect(text).toMatch(/^vidette_queue_workers\{task_queue="detect-cpu"\} [1-9]$/m);
  });
});

it('leaves no picture behind', async () => {
  const folder = join(stack.folder, 'scratch', 'api');
  await expect
    .poll(async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile());
    })
    .toEqual([]);
});
