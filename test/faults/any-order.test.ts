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

/** Names that workers give to the servers, by those of the stack. */
const SERVERS = {
  temporal: 'Temporal',
  object_store: 'object store',
  document_store: 'document store',
} as const;
const TITLES = Object.values(SERVERS);
/** Three tries, with time for a slow machine. */
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
  // Only to know the ports, which a data folder keeps.
  servers = await start();
  await servers.stop();
  const models = inject('modelsDir');
  settings = { ...servers.settings, VIDETTE_LANES: '1', VIDETTE_MODELS_DIR: models };
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

/** Milliseconds from the first try of a server that a worker has logged to its third; 0 before. */
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

test('workers that are started before their servers wait, and log each try', async () => {
  await expect.poll(statuses, NOTICED).toEqual([503, 503, 503]);
  for (const worker of workers) {
    for (const title of TITLES) {
      await expect.poll(() => threeTries(worker, title), NOTICED).toBeGreaterThan(0);
      // Two times 5 s from start to start; a try itself takes up to 4 s.
      expect(threeTries(worker, title)).toBeGreaterThan(5500);
      expect(threeTries(worker, title)).toBeLessThan(14_500);
      expect((await worker.readyz()).body).toContain(title);
    }
  }
  expectAllRun();
});

test('they take work once the servers are there', async () => {
  servers = await start();
  const config = readConfig(settings);
  await initialise(config, () => undefined);
  const path = join(folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await createObjectStore(config.objectStore).putFile(BUCKETS.videos, keys.video('clip'), path);
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob('first');
});

test.each(Object.entries(SERVERS))('%s may hang, and is missed', async (name, title) => {
  const pid = servers.pids()[name as keyof typeof SERVERS]!;
  process.kill(pid, 'SIGSTOP');
  try {
    await expect.poll(statuses, NOTICED).toEqual([503, 503, 503]);
    for (const worker of workers) expect((await worker.readyz()).body).toContain(title);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob(`after-${name}`);
  expectAllRun();
});

test('all servers may go, and the same processes work on when they come back', async () => {
  await servers.stop();
  await expect.poll(statuses, NOTICED).toEqual([503, 503, 503]);
  for (const title of TITLES) {
    await expect.poll(async () => (await workers[0]!.readyz()).body, NOTICED).toContain(title);
  }
  servers = await start();
  await expect.poll(statuses, NOTICED).toEqual([200, 200, 200]);
  await runJob('last');
  expectAllRun();
});
