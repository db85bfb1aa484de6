import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../../domain/errors.js';
import { readTestImage } from '../../sample/test-image.js';
import type { ServerName } from '../../stack/supervisor/stack-plan.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { eventsOf } from '../support/event-stream.js';
import { startLoneWorker } from '../support/lone-worker.js';
import { startStack, type TestStack } from '../support/stack.js';

/** Names of the servers in messages of the API. */
const TITLES: Readonly<Record<ServerName, string>> = {
  object_store: 'The object store',
  document_store: 'The document store',
  temporal: 'Temporal',
};
/** Timeouts of the API for a server: shorter than in production, long enough for a busy machine. */
const TIMING = { answerMs: 3000, retryMs: 500, cacheMs: 1000 };
/** Writes to the object store are tried six times, and a route may need several answers. */
const ANSWERED_MS = 60_000;
const NOTICED = { timeout: 60_000, interval: 250 };
const JOB = '/api/v1/jobs/done';
/** Frames of a job that runs for several seconds. */
const LONG_FRAMES = 300;
const RUNS_FOR_MS = 300_000;

interface Route {
  readonly ask: () => Promise<Response>;
  readonly needs: readonly ServerName[];
}

let stack: TestStack;
let api: TestApi;
let image: Buffer;
let clip: string;
let predictionId: string;

beforeAll(async () => {
  stack = await startStack();
  clip = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, clip);
  await stack.putVideo('clip', clip);
  const long = join(stack.folder, 'long.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: LONG_FRAMES }, long);
  await stack.putVideo('long', long);
  await stack.run({ video_id: 'clip', event_id: 'done', every: 5 });
  ({ bytes: image } = await readTestImage());
  api = await startApi(stack, { VIDETTE_TEST_TIMING: JSON.stringify(TIMING) });
  while (!(await get('/health')()).ok) await sleep(250);
  const predicted = await routes['POST /predict']!.ask();
  predictionId = ((await predicted.json()) as { prediction_id: string }).prediction_id;
}, RUNS_FOR_MS);
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${api.url}${path}`, { signal: AbortSignal.timeout(ANSWERED_MS), ...init });
const get = (path: string) => () => send(path);
const post = (path: string, body: () => object) => () =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body()),
  });
const upload = (path: string, name: string, bytes: () => Buffer, mode?: string) => () => {
  const form = new FormData();
  if (mode !== undefined) form.set('mode', mode);
  form.append('file', new Blob([new Uint8Array(bytes())]), name);
  return send(path, { method: 'POST', body: form });
};
const job = () => ({ video_id: 'clip', event_id: `job-${randomUUID()}`, every: 5 });

const [objects, documents, temporal]: ServerName[] = ['object_store', 'document_store', 'temporal'];
const all = [objects, documents, temporal] as ServerName[];
const only = (...needs: (ServerName | undefined)[]) => needs as ServerName[];
const routes: Readonly<Record<string, Route>> = {
  'POST /api/v1/videos': {
    ask: upload('/api/v1/videos', 'new.mp4', () => Buffer.from(randomUUID())),
    needs: only(objects),
  },
  'POST /api/v1/videos/uploads': {
    ask: post('/api/v1/videos/uploads', () => ({ name: 'new.mp4', size: 1000 })),
    needs: only(objects),
  },
  'POST /api/v1/jobs': { ask: post('/api/v1/jobs', job), needs: only(objects, temporal) },
  // More jobs than Temporal has, so that the events are read as well.
  'GET /api/v1/jobs': { ask: get('/api/v1/jobs?limit=100'), needs: only(documents, temporal) },
  'GET /api/v1/jobs/{id}': { ask: get(JOB), needs: only(documents, temporal) },
  'DELETE /api/v1/jobs/{id}': {
    ask: () => send(JOB, { method: 'DELETE' }),
    needs: only(documents, temporal),
  },
  // A missing video is reported before jobs and schedules are searched.
  'DELETE /api/v1/videos/{id}': {
    ask: async () => {
      const response = await send('/api/v1/videos/absent', { method: 'DELETE' });
      return response.status === 404 ? Response.json({}) : response;
    },
    needs: only(objects),
  },
  'POST .../rerun': { ask: post(`${JOB}/rerun`, () => ({})), needs: all },
  'GET .../events': { ask: get(`${JOB}/events`), needs: only(documents, temporal) },
  'GET .../predictions': { ask: get(`${JOB}/predictions`), needs: all },
  'GET .../result': { ask: get(`${JOB}/result`), needs: only(objects) },
  'GET .../summary': { ask: get(`${JOB}/summary`), needs: only(objects) },
  'GET .../frames/0.jpg': { ask: get(`${JOB}/frames/0.jpg`), needs: only(objects) },
  'GET .../frames/0/annotated.jpg': {
    ask: get(`${JOB}/frames/0/annotated.jpg`),
    needs: only(objects),
  },
  'GET .../video': { ask: get(`${JOB}/video`), needs: only(objects) },
  'GET .../export?format=csv': { ask: get(`${JOB}/export?format=csv`), needs: only(objects) },
  // Their rows are written later.
  'POST /predict': { ask: upload('/predict', 'a.image', () => image), needs: [] },
  'POST /predict/batch': { ask: upload('/predict/batch', 'a.image', () => image), needs: [] },
  'POST /detect': { ask: upload('/detect', 'a.image', () => image), needs: [] },
  'POST /process': { ask: upload('/process', 'a.image', () => image, 'crop'), needs: [] },
  'GET /predictions': { ask: get('/predictions'), needs: only(documents) },
  'POST /feedback': {
    ask: post('/feedback', () => ({ prediction_id: predictionId, comment: 'good' })),
    needs: only(documents),
  },
  'GET /model_info': { ask: get('/model_info'), needs: [] },
  'GET /api/v1/system': { ask: get('/api/v1/system'), needs: [] },
  'GET /livez': { ask: get('/livez'), needs: [] },
  'GET /data': { ask: get('/data'), needs: [] },
};

/** Summarises a response: 'answered', or all that a 503 must contain. */
async function answerOf({ ask }: Route) {
  const response = await ask().catch((error: unknown) => messageOf(error));
  if (typeof response === 'string') return response;
  const body = await response.text();
  if (response.status !== 503) return response.ok ? 'answered' : `${response.status} ${body}`;
  const { detail } = JSON.parse(body) as { detail: string };
  const type = response.headers.get('content-type');
  return { type, retryAfter: response.headers.get('retry-after'), detail };
}

async function answers() {
  const asked = Object.entries(routes).map(
    async ([name, route]) => [name, await answerOf(route)] as const,
  );
  return Object.fromEntries(await Promise.all(asked));
}

const expectedWithout = (server: ServerName) =>
  Object.fromEntries(
    Object.entries(routes).map(([name, { needs }]) => [
      name,
      needs.includes(server)
        ? {
            type: expect.stringContaining('application/problem+json') as string,
            retryAfter: '5',
            detail: `${TITLES[server]} does not answer; try again soon.`,
          }
        : 'answered',
    ]),
  );
const allAnswered = Object.fromEntries(Object.keys(routes).map((name) => [name, 'answered']));

/** Servers that `/readyz` reports, with its status. */
async function readiness() {
  const response = await get('/readyz')();
  const { unavailable } = (await response.json()) as { unavailable: { server: string }[] };
  return [response.status, ...unavailable.map(({ server }) => server)];
}

/** Predicts an image while a server is away; resolves with the id of the prediction. */
async function predict(): Promise<string> {
  const response = await routes['POST /predict']!.ask();
  return ((await response.json()) as { prediction_id: string }).prediction_id;
}

/** Ids of the newest predictions of the log. */
async function logged(): Promise<string[]> {
  const page = (await (await get('/predictions?limit=100')()).json()) as {
    predictions: { prediction_id: string }[];
  };
  return page.predictions.map(({ prediction_id }) => prediction_id);
}

/** Makes a server unavailable; resolves with a function that makes it available again. */
type TakeAway = (server: ServerName) => Promise<() => Promise<void>>;

const ways: readonly [string, TakeAway][] = [
  [
    'is stopped',
    async (server) => {
      await stack.servers.halt(server);
      return () => stack.servers.resume(server);
    },
  ],
  [
    'hangs',
    (server) => {
      const pid = stack.servers.pids()[server]!;
      process.kill(pid, 'SIGSTOP');
      return Promise.resolve(() => {
        process.kill(pid, 'SIGCONT');
        return Promise.resolve();
      });
    },
  ],
];
const cases = ways.flatMap(([how, takeAway]) =>
  all.map((server) => [TITLES[server], how, server, takeAway] as const),
);

describe('while a server is unavailable', () => {
  it.each(cases)(
    '(%s %s) returns 503 for requests that need it and answers all others, images among them',
    async (title, _, server, takeAway) => {
      expect(await answers()).toEqual(allAnswered);
      const bringBack = await takeAway(server);
      const predicted: string[] = [];
      try {
        expect(await answers()).toEqual(expectedWithout(server));
        await expect.poll(readiness, NOTICED).toEqual([200, title.replace('The ', '')]);
        const health = await get('/health')();
        const expected = { status: 'healthy', model_loaded: true, result: true };
        expect([health.status, await health.json()]).toEqual([200, expected]);
        expect((await get('/livez')()).status).toBe(200);
        predicted.push(await predict());
      } finally {
        await bringBack();
      }
      await expect.poll(readiness, NOTICED).toEqual([200]);
      expect(await answers()).toEqual(allAnswered);
      await expect.poll(logged, NOTICED).toEqual(expect.arrayContaining(predicted));
    },
    RUNS_FOR_MS,
  );

  it(
    'continues an open event stream when Temporal is available again',
    async () => {
      await stack.start({ video_id: 'long', event_id: 'watched', every: 1 });
      // The stream ends with the job, however long that takes on a busy machine.
      const signal = AbortSignal.timeout(RUNS_FOR_MS);
      const response = await send('/api/v1/jobs/watched/events', { signal });
      const ended = (async () => {
        const names: string[] = [];
        for await (const { event } of eventsOf(response)) names.push(event);
        return names;
      })();
      await stack.servers.halt('temporal');
      await sleep(2000);
      await stack.servers.resume('temporal');
      const names = await ended;
      expect(names.at(-1)).toBe('end');
      expect(names.length).toBeGreaterThan(2);
    },
    RUNS_FOR_MS,
  );

  it(
    'answers images from the start of the API, before Temporal replies',
    async () => {
      await stack.servers.halt('temporal');
      const timing = { VIDETTE_TEST_TIMING: JSON.stringify(TIMING) };
      const late = await startLoneWorker('api', { ...stack.settings, ...timing });
      const isHealthy = () =>
        fetch(`${late.url}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      try {
        await expect.poll(isHealthy, NOTICED).toBe(true);
        const body = new FormData();
        body.append('file', new Blob([new Uint8Array(image)]), 'a.jpg');
        const predicted = await fetch(`${late.url}/predict`, { method: 'POST', body });
        expect(predicted.status).toBe(200);
        // Its first attempt to connect may take some seconds.
        const waitsFor = async () => (await late.readyz()).body;
        await expect.poll(waitsFor, NOTICED).toContain('waits for Temporal');
        expect((await late.readyz()).status).toBe(503);
        await stack.servers.resume('temporal');
        await expect.poll(async () => (await late.readyz()).status, NOTICED).toBe(200);
      } finally {
        await late.stop();
      }
      expect(late.child.exitCode).toBe(0);
    },
    RUNS_FOR_MS,
  );
});
