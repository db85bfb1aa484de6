import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { initialise } from '../../cli/initialise.js';
import { readConfig } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { type Settings, type StartedServers, startServers } from '../../stack/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { createJobs } from '../support/jobs.js';
import { type LoneWorker, startLoneWorker } from '../support/lone-worker.js';
import { WORKER_NAMES } from '../support/workers.js';

/** Names of the servers in the logs of workers, by their names in the stack. */
const SERVERS = {
  temporal: 'Temporal',
  object_store: 'object store',
  document_store: 'document store',
} as const;
const TITLES = Object.values(SERVERS);
/** Waits of the processes: shorter than in production, long enough for a busy machine. */
const TIMING = { retryMs: 2000, answerMs: 3000 };
/** Statuses while a server is away: the API answers images, the workers take no work. */
const AWAY = [503, 503, 200];
/** Time for three attempts on a slow machine. */
const NOTICED = { timeout: 40_000, interval: 250 };

// One run of two workers and the HTTP API: each test continues from the state that the previous one left.
let folder: string;
let servers: StartedServers;
let settings: Settings;
const workers: LoneWorker[] = [];

const start = () => {
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  return startServers({ config, onStep: () => undefined });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-order-'));
  // Only to choose the ports, which the data folder keeps.
  servers = await start();
  await servers.stop();
  const models = inject('modelsDir');
  settings = {
    ...servers.settings,
    VIDETTE_LANES: '1',
    VIDETTE_MODELS_DIR: models,
    VIDETTE_TEST_TIMING: JSON.stringify(TIMING),
  };
  for (const name of [...WORKER_NAMES, 'api'] as const)
    workers.push(await startLoneWorker(name, settings));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await servers?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const statuses = () => Promise.all(workers.map(async (worker) => (await worker.readyz()).status));

function expectAllRun(): void {
  for (const { child } of workers) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
}

/** Milliseconds between a worker's first and third logged attempt; 0 before the third. */
function threeTries({ records }: LoneWorker, server: string): number {
  const tries = records.filter(({ msg }) => msg === 'not reachable, trying again');
  const timeOf = (wanted: number) =>
    tries
      .filter((each) => each.server === server && each.attempt === wanted)
      .map(({ time }) => Date.parse(String(time)))[0] ?? Number.NaN;
  return timeOf(3) - timeOf(1) || 0;
}

async function runJob(eventId: string): Promise<void> {
  const config = readConfig(settings);
  const { client, connection } = await connectClient(config.temporal);
  try {
    const jobs = createJobs(client, createObjectStore(config.objectStore));
    const outcome = await jobs.run({ video_id: 'clip', event_id: eventId });
    expect(outcome).toMatchObject({ status: 'ready', frames: 12 });
  } finally {
    await connection.close();
  }
}

test('keeps workers waiting for their servers and logs each attempt', async () => {
  await expect.poll(statuses, NOTICED).toEqual([503, 503, 503]);
  for (const worker of workers) {
    for (const title of TITLES) {
      await expect.poll(() => threeTries(worker, title), NOTICED).toBeGreaterThan(0);
      // Two intervals between starts; an attempt itself takes up to 4 s.
      expect(threeTries(worker, title)).toBeGreaterThan(TIMING.retryMs * 1.1);
      expect(threeTries(worker, title)).toBeLessThan(TIMING.retryMs * 2 + 4500);
      expect((await worker.readyz()).body).toContain(title);
    }
  }
  expectAllRun();
});

test('runs a job after the servers have started', async () => {
  servers = await start();
  const config = readConfig(settings);
  await initialise(config, () => undefined);
  const path = join(folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await createObjectStore(config.objectStore).putFile(BUCKETS.videos, keys.video('clip'), path);
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob('first');
});

test.each(Object.entries(SERVERS))('reports %s while it hangs', async (name, title) => {
  const pid = servers.pids()[name as keyof typeof SERVERS]!;
  process.kill(pid, 'SIGSTOP');
  try {
    await expect.poll(statuses, NOTICED).toEqual(AWAY);
    for (const worker of workers) {
      await expect.poll(async () => (await worker.readyz()).body, NOTICED).toContain(title);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob(`after-${name}`);
  expectAllRun();
});

test('resumes in the same processes after all servers have restarted', async () => {
  await servers.stop();
  await expect.poll(statuses, NOTICED).toEqual(AWAY);
  for (const title of TITLES) {
    for (const worker of [workers[0]!, workers.at(-1)!]) {
      await expect.poll(async () => (await worker.readyz()).body, NOTICED).toContain(title);
    }
  }
  servers = await start();
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob('last');
  expectAllRun();
});
