import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExperiments } from '../../client/experiments/experiments.js';
import type { Experiment, VidetteClient } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { ImagePredictionRecord, PredictionLog } from '../../domain/result/prediction-log.js';
import { formOf } from '../../test/support/image-api.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { type Experiments, startExperiments } from '../experiments/index.js';
import type { ImageJob, ImageResult } from '../images/image-job.js';
import type { ImageLanes } from '../images/image-lanes.js';
import type { Images } from '../images/index.js';
import type { ModelsInUse } from '../images/models-in-use.js';

const LABELS = ['cod', 'eel'];
const FRESH_MS = 20;

let api: ListeningApi;
let experiments: Experiments;
let records: ImagePredictionRecord[];
/** What the lane of the challenger does in the shadow. */
let inShadow: (job: ImageJob) => Promise<ImageResult>;
/** Whether the challenger of a split fails. */
let isBroken: boolean;

/** Version 3 finds a cod in each image, version 4 an eel. */
function classifier(version: number): LocalModel {
  const { manifest, path } = localModel('fish', version);
  return { manifest: { ...manifest, task: 'classify', labels: LABELS }, path };
}

function predict({ model }: Pick<ImageJob, 'model'>): Promise<ImageResult> {
  const { version } = model.manifest;
  if (isBroken && version === 4) return Promise.reject(new AppError('LANE_LOST', 'It crashed.'));
  const confidences = version === 3 ? [0.9, 0.1] : [0.2, 0.8];
  const found = { kind: 'classes', confidences } as const;
  return Promise.resolve({ size: { width: 8, height: 8 }, inferenceS: 0.01, made: [], found });
}

beforeEach(async () => {
  [records, isBroken, inShadow] = [[], false, predict];
  const documents = createMemoryDocumentStore();
  const resolve = (spec = 'fish@3') =>
    Promise.resolve(classifier(Number(spec.split('@')[1])).manifest);
  const client: Partial<VidetteClient> = {
    experiments: createExperiments({
      ...{ documents, imageLanes: 2, servedModel: { spec: undefined } },
      models: { resolve, verify: () => Promise.resolve() },
      promote: () => Promise.reject(new AppError('MODEL_INVALID', 'It crashed.')),
    }),
  };
  experiments = startExperiments({
    ...{ experiments: documents.experiments, lanes: 2, everyMs: FRESH_MS },
    files: { fetch: ({ version }) => Promise.resolve(classifier(version)) },
    shadowLane: { predict: (job) => inShadow(job), end: () => Promise.resolve() },
    ...{ metrics: { shadowed: () => undefined }, logger: pino({ enabled: false }) },
  });
  const log: Partial<PredictionLog> = {
    add: (added) => {
      const ids = added.map((_, i) => (records.length + i).toString(16).padStart(24, '0'));
      records.push(...added);
      return Promise.resolve(ids);
    },
  };
  const get = (spec = 'fish@3') => Promise.resolve(classifier(Number(spec.split('@')[1])));
  const models: Partial<ModelsInUse> = { get };
  const lanes: Partial<ImageLanes> = { predict };
  const images: Partial<Images> = {
    ...{ experiments, log: log as PredictionLog, keep: () => Promise.resolve(true) },
    ...{ models: models as ModelsInUse, lanes: lanes as ImageLanes },
  };
  const services = { client: client as VidetteClient, documents, images: images as Images };
  api = await listen({ VIDETTE_AUDIT_RATE: '1' }, [], undefined, undefined, services);
});
afterEach(async () => {
  await experiments.close();
  await api.server.close();
});

async function send(method: string, path: string, body?: object) {
  const sent = body && {
    ...{ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  };
  const answer = await api.ask(`/api/v1/experiments${path}`, { method, ...sent });
  return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
}

async function start(request: object = {}): Promise<string> {
  const started = await send('POST', '', { model: 'fish', challenger: 4, ...request });
  expect(started.status).toBe(201);
  const { experiment_id: id } = started.body as Pick<Experiment, 'experiment_id'>;
  await expect.poll(async () => (await post(), records.at(-1)?.experiment?.id)).toBe(id);
  return id;
}

let image: Buffer | undefined;
async function post({ query = '', subject }: { query?: string; subject?: string } = {}) {
  const plain = { width: 8, height: 8, channels: 3, background: 'red' } as const;
  image ??= await sharp({ create: plain }).png().toBuffer();
  const headers = new Headers(subject === undefined ? {} : { 'x-vidette-subject': subject });
  const options = { method: 'POST', headers, body: formOf({}, image) };
  const response = await fetch(`http://127.0.0.1:${api.port}/predict${query}`, options);
  const body = (await response.json()) as { readonly class?: string };
  return { status: response.status, arm: response.headers.get('x-vidette-arm'), body };
}

const countsOf = async (id: string) =>
  (await send('GET', `/${id}`)).body['counts'] as Experiment['counts'];

describe('an experiment in the shadow', () => {
  it('runs the challenger after the response, and changes neither answer nor headers', async () => {
    const id = await start();
    expect(await post()).toMatchObject({ status: 200, arm: null, body: { class: 'cod' } });
    await expect.poll(async () => (await countsOf(id)).differed).toBeGreaterThan(1);
    const { counts, report } = (await send('GET', `/${id}`)).body as {
      counts: Experiment['counts'];
      report: object;
    };
    expect(counts).toMatchObject({ agreed: 0, errors: { champion: 0, challenger: 0 } });
    expect(report).toMatchObject({ agreement: 0, evidence: { decided: false } });
  });

  it('answers while its challenger hangs or crashes', async () => {
    const id = await start();
    inShadow = () => Promise.reject(new AppError('LANE_LOST', 'It crashed.'));
    expect(await post()).toMatchObject({ status: 200, body: { class: 'cod' } });
    await expect.poll(async () => (await countsOf(id)).errors.challenger).toBe(1);
    let end: (result: Promise<ImageResult>) => void = () => undefined;
    inShadow = () => new Promise((resolve) => (end = resolve));
    for (let i = 0; i < 70; i++) {
      expect(await post()).toMatchObject({ status: 200, body: { class: 'cod' } });
    }
    // One image hangs, and 64 wait.
    await expect.poll(async () => (await countsOf(id)).dropped).toBe(5);
    end(Promise.reject(new Error('killed')));
    inShadow = predict;
  });
});

describe('a split', () => {
  it('answers by the arm of the subject, and names it', async () => {
    const id = await start({ mode: 'split', share: 0.5 });
    const subjects = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const answers = await Promise.all(subjects.map((subject) => post({ subject })));
    const again = await Promise.all(subjects.map((subject) => post({ subject })));
    expect(again.map(({ arm }) => arm)).toEqual(answers.map(({ arm }) => arm));
    const expected = {
      cod: `arm=champion, experiment="${id}", model="fish@3"`,
      eel: `arm=challenger, experiment="${id}", model="fish@4"`,
    };
    for (const { arm, body } of answers) expect(arm).toBe(expected[body.class as 'cod' | 'eel']);
    expect(new Set(answers.map(({ arm }) => arm)).size).toBe(2);
    const named = records.filter(({ subject }) => subject !== undefined);
    expect(JSON.stringify(named)).not.toContain('user-');
    expect(new Set(named.map(({ subject }) => subject)).size).toBe(21);
  });

  it('leaves out requests that name a model, and counts errors of its arms', async () => {
    const id = await start({ mode: 'split', share: 1 });
    expect(await post({ query: '?model=fish@3' })).toMatchObject({
      ...{ arm: null, body: { class: 'cod' } },
    });
    expect(records.at(-1)).not.toHaveProperty('experiment');
    isBroken = true;
    expect((await post()).status).toBe(503);
    await expect.poll(async () => (await countsOf(id)).errors.challenger).toBe(1);
  });
});

describe('the routes', () => {
  it('stop an experiment, after which requests take no part', async () => {
    const id = await start({ mode: 'split' });
    expect(await send('POST', `/${id}/stop`)).toMatchObject({ body: { status: 'stopped' } });
    await expect.poll(async () => (await post()).arm).toBeNull();
    const decided = await send('POST', `/${id}/decision`, { promote: false, reason: 'no gain' });
    expect(decided).toMatchObject({
      status: 200,
      body: { status: 'decided', decision: { by: 'address 127.0.0.1', reason: 'no gain' } },
    });
    expect((await send('GET', '')).body).toMatchObject({
      experiments: [{ experiment_id: id, serves: 'fish', status: 'decided' }],
      next: null,
    });
  });

  it('keep an experiment open if its challenger cannot be promoted', async () => {
    const id = await start();
    const decided = await send('POST', `/${id}/decision`, { promote: true, reason: 'better' });
    expect(decided).toMatchObject({ status: 422, body: { type: '/problems/model-invalid' } });
    expect((await send('GET', `/${id}`)).body).toMatchObject({ status: 'running' });
  });

  it.each([
    ['POST', '', { model: 'fish' }, 400, 'invalid-request'],
    ['POST', '', { model: 'fish', challenger: 4, share: 2 }, 400, 'invalid-request'],
    ['POST', '', { model: 'fish', challenger: 3 }, 400, 'invalid-input'],
    ['GET', '/fish-unknown', undefined, 404, 'experiment-not-found'],
    ['POST', '/fish-unknown/stop', undefined, 404, 'experiment-not-found'],
    ['POST', '/fish-unknown/decision', { promote: true }, 400, 'invalid-request'],
    ['GET', '?cursor=x', undefined, 400, 'invalid-input'],
  ])('reject %s %s %j', async (method, path, body, status, kind) => {
    expect(await send(method, path, body)).toMatchObject({
      ...{ status, body: { type: `/problems/${kind}` } },
    });
  });
});
