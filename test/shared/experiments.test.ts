import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, ExperimentDetails } from '../../client/index.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { outputOn } from '../support/command-line.js';
import { formOf } from '../support/image-api.js';
import { publishClassifier } from '../support/publish-models.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

/** Classifier of two versions: the same network, whose classes are named differently. */
const MODEL = 'experiments-fish';
const LABELS = [
  ['cod', 'eel', 'ray'],
  ['eel', 'ray', 'cod'],
];
const NICENESS_FIELD = 18;
const LOW_PRIORITY = '10';

let stack: SharedConnection;
let api: TestApi;
beforeAll(async () => {
  stack = await connectSharedStack();
  for (const labels of LABELS) await publishClassifier(stack, MODEL, labels);
  await vidette('models', 'alias', MODEL, 'champion', '1');
  await start();
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const vidette = (...args: string[]) => outputOn(stack, ...args);

async function start(): Promise<void> {
  api = await startApi(stack, {
    ...{ VIDETTE_CLASSIFIER: `${MODEL}@champion`, VIDETTE_API_LANES: '2' },
    ...{ VIDETTE_KEEP_PICTURES_DAYS: '1', VIDETTE_AUDIT_RATE: '1' },
    ...{ VIDETTE_LANE_TIMEOUT_S: '6', VIDETTE_TEST_TIMING: '{"cacheMs":200}' },
  });
}

interface Predicted {
  readonly prediction_id: string;
  readonly class: string;
  readonly arm: string | null;
  readonly seconds: number;
}

/** Predicts on an image of one colour. */
async function predict(colour: number, query = '', subject?: string): Promise<Predicted> {
  const background = { r: colour % 256, g: (colour * 7) % 256, b: (colour * 31) % 256 };
  const plain = { width: 32, height: 32, channels: 3, background } as const;
  const image = await sharp({ create: plain }).png().toBuffer();
  const headers = new Headers(subject === undefined ? {} : { 'x-vidette-subject': subject });
  const since = performance.now();
  const response = await fetch(`${api.url}/predict${query}`, {
    ...{ method: 'POST', headers, body: formOf({}, image) },
  });
  expect(response.status).toBe(200);
  const arm = response.headers.get('x-vidette-arm');
  const seconds = (performance.now() - since) / 1000;
  return { ...((await response.json()) as Predicted), arm, seconds };
}

const details = (id: string) => json<ExperimentDetails>(api.at(`/experiments/${id}`));
const startOver = async (request: object) => {
  const response = await api.post('/experiments', { model: MODEL, challenger: 2, ...request });
  const experiment = await json<Experiment>(response);
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe(`/api/v1/experiments/${experiment.experiment_id}`);
  return experiment.experiment_id;
};
const decide = (id: string, promote: boolean) =>
  api.post(`/experiments/${id}/decision`, { promote, reason: 'a test' });
/** Waits until the API takes part in an experiment: its predictions are counted. */
async function takesPart(id: string): Promise<void> {
  for (let champion = 0; champion === 0;) {
    await predict(1);
    ({ champion } = (await details(id)).counts.predictions);
  }
}

describe('an experiment in the shadow', () => {
  let id: string;
  beforeAll(async () => {
    id = await startOver({});
    await takesPart(id);
  });
  afterAll(() => decide(id, false));

  it('judges by the labels of audited images, and changes no answer', async () => {
    const predicted: Predicted[] = [];
    for (let colour = 10; colour < 18; colour++) predicted.push(await predict(colour));
    expect(predicted.map(({ arm }) => arm)).toEqual(Array(8).fill(null));
    // The challenger is always right: its name of the same class.
    const truthOf = (name: string) => LABELS[1]![LABELS[0]!.indexOf(name)];
    for (const { prediction_id, class: name } of predicted) {
      const body = JSON.stringify({ prediction_id, class: truthOf(name) });
      const headers = { 'content-type': 'application/json' };
      const given = await fetch(`${api.url}/feedback`, { method: 'POST', headers, body });
      expect(given.status).toBe(201);
    }
    await expect.poll(async () => (await details(id)).report.labelled, { timeout: 60_000 }).toBe(8);
    // Counts are stored after the predictions that they count.
    const differed = async () => (await details(id)).counts.differed;
    await expect.poll(differed, { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
    const { report } = await details(id);
    expect(report).toMatchObject({
      ...{ pairs: { wins: 8, losses: 0 }, agreement: 0, sample_ratio: null },
      evidence: { decided: true, leader: 'challenger' },
      arms: { champion: { right: 0, errors: 0 }, challenger: { right: 8, errors: 0 } },
    });
    const text = await vidette('experiments', 'show', id);
    expect(text).toContain('evidence 28.4 : 1 for the challenger: decided');
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toMatch(
      new RegExp(`vidette_shadow_total\\{model="${MODEL}@2",outcome="disagree"\\} [1-9]`),
    );
    expect(metrics).toContain(`prediction_latency_seconds_count{model="${MODEL}@1"}`);
  });

  it('answers as before while its challenger crashes or hangs, and counts that', async () => {
    const before = await predict(50);
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const errors = (await details(id)).counts.errors.challenger;
      process.kill(await challengerLane(), signal);
      for (let i = 0; i < 5; i++) {
        expect(await predict(50)).toMatchObject({ class: before.class });
      }
      if (signal === 'SIGKILL') continue; // an idle lane that ends is replaced
      await expect
        .poll(async () => (await details(id)).counts.errors.challenger, { timeout: 90_000 })
        .toBeGreaterThan(errors);
    }
    const { counts } = await details(id);
    await expect
      .poll(async () => (await predict(60), (await details(id)).counts.predictions.challenger), {
        timeout: 60_000,
      })
      .toBeGreaterThan(counts.predictions.challenger);
    expect((await details(id)).counts.errors.champion).toBe(0);
  });

  it('refuses another experiment of the model', async () => {
    const response = await api.post('/experiments', { model: MODEL, challenger: 2 });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ type: '/problems/experiment-running' });
  });

  /** Process id of the lane of the challenger, which has a low priority. */
  async function challengerLane(): Promise<number> {
    for (;;) {
      for (const pid of (await readdir('/proc')).map(Number).filter(Boolean)) {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const isLane = fields[1] === String(api.pid) && fields[NICENESS_FIELD - 2] === LOW_PRIORITY;
        if (isLane) return pid;
      }
      await predict(70);
    }
  }
});

describe('a split', () => {
  it('keeps each subject in its arm, also after a restart of the API', async () => {
    const id = await startOver({ mode: 'split', share: 0.5 });
    await expect
      .poll(async () => (await predict(1)).arm, { timeout: 20_000 })
      .toContain(`experiment="${id}"`);
    const subjects = Array.from({ length: 24 }, (_, i) => `user-${i}`);
    const armsOf = async (colour: number) => {
      const arms: (string | null)[] = [];
      for (const subject of subjects) arms.push((await predict(colour, '', subject)).arm);
      return arms;
    };
    const arms = await armsOf(80);
    const challenger = `arm=challenger, experiment="${id}", model="${MODEL}@2"`;
    expect(arms).toContain(challenger);
    expect(arms).toContain(`arm=champion, experiment="${id}", model="${MODEL}@1"`);
    await api.stop();
    await start();
    await expect
      .poll(async () => (await predict(1)).arm, { timeout: 20_000 })
      .toContain(`experiment="${id}"`);
    expect(await armsOf(81)).toEqual(arms);
    const [newest] = (
      await json<{ predictions: { subject: string; experiment: object }[] }>(
        fetch(`${api.url}/predictions?limit=1`),
      )
    ).predictions;
    expect(newest!.subject).toMatch(/^[0-9a-f]{64}$/);
    expect((await predict(82, `?model=${MODEL}@2`, 'user-1')).arm).toBeNull();
    const { report } = await details(id);
    expect(report.sample_ratio).toMatchObject({ expected: 0.5, plausible: true });
    expect(report.sample_ratio!.keys.champion + report.sample_ratio!.keys.challenger).toBe(25);
    expect((await decide(id, true)).status).toBe(200);
    await expect.poll(async () => (await predict(1)).arm, { timeout: 20_000 }).toBeNull();
    const { aliases } = await json<{ aliases: { alias: string; version: number }[] }>(
      api.at(`/models/${MODEL}/aliases`),
    );
    expect(aliases).toContainEqual(expect.objectContaining({ alias: 'champion', version: 2 }));
    const list = await vidette('experiments', 'list');
    expect(list).toMatch(new RegExp(`${id} +split +${MODEL}@1 +${MODEL}@2 +decided`));
  });
});
