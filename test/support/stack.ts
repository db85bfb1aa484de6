import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { initialise } from '../../cli/initialise.js';
import { type Config, readConfig } from '../../config/index.js';
import type { PredictionDocument } from '../../domain/job/event.js';
import { BUCKETS, DATABASE, keys, PREDICTIONS } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type Settings, type StartedServers, startServers } from '../../stack/index.js';
import { createJobs, type TestJobs } from './jobs.js';
import { startWorkers, type TestWorkers } from './workers.js';

/** Real servers and workers in a folder and on ports of their own. */
export interface TestStack extends TestJobs {
  readonly folder: string;
  readonly settings: Settings;
  readonly client: Client;
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly workers: TestWorkers;
  readonly servers: Omit<StartedServers, 'stop'>;
  /** Puts a file where a job of this video_id looks for it. */
  putVideo(videoId: string, path: string): Promise<void>;
  predictions(eventId: string): Promise<PredictionDocument[]>;
  close(options?: { readonly keepFolder?: boolean }): Promise<void>;
}

const LANES = '2';

/**
 * Starts servers, prepares them as `vidette init` does, and starts both workers.
 * @param temporalConfig more of Temporal's dynamic configuration, `key=value` each.
 */
export async function startStack(
  variables: Settings = {},
  temporalConfig: readonly string[] = [],
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  const cleanUps: (() => Promise<unknown>)[] = [];
  const close: TestStack['close'] = async ({ keepFolder = false } = {}) => {
    const failures: unknown[] = [];
    for (const cleanUp of cleanUps.reverse())
      await cleanUp().catch((e: unknown) => failures.push(e));
    if (!keepFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (failures.length > 0) throw new AggregateError(failures, 'The test stack did not end well');
  };
  try {
    return { ...(await startParts(folder, variables, temporalConfig, cleanUps)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the parts one after another and notes how each is ended. */
async function startParts(
  folder: string,
  variables: Settings,
  temporalConfig: readonly string[],
  cleanUps: (() => Promise<unknown>)[],
): Promise<Omit<TestStack, 'close'>> {
  const base = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  const servers = await startServers({ config: base, onStep: () => undefined, temporalConfig });
  cleanUps.push(() => servers.stop());
  const settings = {
    ...servers.settings,
    VIDETTE_LANES: LANES,
    VIDETTE_MODELS_DIR: inject('modelsDir'),
    ...variables,
  };
  const config = readConfig(settings);
  await initialise(config, () => undefined);
  const workers = await startWorkers(folder, settings);
  cleanUps.push(() => workers.stop());
  const connections = await connect(config, cleanUps);
  const { objects } = connections;
  return {
    folder,
    settings,
    servers,
    workers,
    ...connections,
    ...createJobs(connections.client, objects),
    putVideo: (videoId, path) => objects.putFile(BUCKETS.videos, keys.video(videoId), path),
  };
}

async function connect(config: Config, cleanUps: (() => Promise<unknown>)[]) {
  const { connection, client } = await connectClient(config.temporal);
  cleanUps.push(() => connection.close());
  const documents = createDocumentStore(config.documentStore.uri);
  cleanUps.push(() => documents.close());
  const mongo = new MongoClient(config.documentStore.uri);
  cleanUps.push(() => mongo.close());
  const predictions = (eventId: string) =>
    mongo
      .db(DATABASE)
      .collection<PredictionDocument>(PREDICTIONS)
      .find({ event_id: eventId }, { sort: { frame_id: 1 } })
      .toArray();
  return { client, documents, predictions, objects: createObjectStore(config.objectStore) };
}
