import type { Client } from '@temporalio/client';
import { Client as Minio } from 'minio';
import { MongoClient } from 'mongodb';
import { connectClient } from '../../adapters/temporal/connection.js';
import { readConfig } from '../../config/index.js';
import { DATABASE } from '../../domain/collections.js';
import { sha256OfChunks } from '../../domain/hash.js';
import { BUCKETS } from '../../domain/names.js';
import { type Settings, startServers } from '../../stack/index.js';

/** Everything that the servers of a data folder store. */
export interface Dump {
  /** SHA-256, ETag, time and metadata of each object by `bucket/key`. */
  readonly objects: Readonly<Record<string, unknown>>;
  /** Documents by collection. */
  readonly documents: Readonly<Record<string, readonly unknown[]>>;
  /** Histories by workflow id and run id. */
  readonly histories: Readonly<Record<string, unknown>>;
}

/** Reads everything that a data folder stores, with servers alone, so that nothing changes meanwhile. */
export async function dumpStores(dataDir: string): Promise<Dump> {
  const config = readConfig({ ...process.env, VIDETTE_DATA_DIR: dataDir });
  const servers = await startServers({ config, onStep: () => undefined });
  try {
    return {
      objects: await dumpObjects(servers.settings),
      documents: await dumpDocuments(servers.settings),
      histories: await dumpHistories(servers.settings),
    };
  } finally {
    await servers.stop();
  }
}

async function dumpObjects(settings: Settings): Promise<Dump['objects']> {
  const { endpoint, accessKey, secretKey } = readConfig(settings).objectStore;
  const { hostname, port } = new URL(endpoint);
  const client = new Minio({
    ...{ endPoint: hostname, port: Number(port), useSSL: false },
    ...{ accessKey: accessKey!, secretKey: secretKey! },
  });
  const dumped: Record<string, unknown> = {};
  for (const bucket of Object.values(BUCKETS)) {
    for await (const { name } of client.listObjectsV2(bucket, '', true)) {
      const key = name as string; // an object, because the listing is recursive
      const { etag, lastModified, metaData } = await client.statObject(bucket, key);
      const sha256 = await sha256OfChunks(await client.getObject(bucket, key));
      dumped[`${bucket}/${key}`] = { sha256, etag, lastModified, metaData };
    }
  }
  return dumped;
}

async function dumpDocuments(settings: Settings): Promise<Dump['documents']> {
  const mongo = new MongoClient(readConfig(settings).documentStore.uri);
  try {
    const dumped: Record<string, unknown[]> = {};
    for (const { collectionName } of await mongo.db(DATABASE).collections()) {
      const all = mongo.db(DATABASE).collection(collectionName).find();
      const texts = await all.map((document) => JSON.stringify(document)).toArray();
      dumped[collectionName] = texts.sort();
    }
    return dumped;
  } finally {
    await mongo.close();
  }
}

async function dumpHistories(settings: Settings): Promise<Dump['histories']> {
  const { client, connection } = await connectClient(readConfig(settings).temporal);
  try {
    return await historiesOf(client);
  } finally {
    await connection.close();
  }
}

async function historiesOf(client: Client): Promise<Dump['histories']> {
  const dumped: Record<string, unknown> = {};
  for await (const { workflowId, runId, status } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    dumped[`${workflowId} ${runId}`] = { status: status.name, history };
  }
  return dumped;
}
