import { readdir } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { readConfig } from '../../config/index.js';
import { DATABASE } from '../../domain/collections.js';
import { BUCKETS } from '../../domain/names.js';
import type { ConnectedStack } from './connected-stack.js';

/**
 * Returns everything on a stack that has an id in its name or content: keys of all buckets, documents
 * of all collections, paths of the scratch folder, and workflow ids in Temporal.
 */
export async function tracesOf(
  { objects, client, settings }: ConnectedStack,
  id: string,
  scratch: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const bucket of Object.values(BUCKETS)) {
    for await (const key of objects.list(bucket, '')) found.push(`${bucket}/${key}`);
  }
  found.push(...(await documentsOf(readConfig(settings).documentStore.uri)));
  found.push(...(await readdir(scratch, { recursive: true }).catch(() => [])));
  const runs = client.workflow.list({ query: `WorkflowType != 'DeleteJob'` });
  for await (const { workflowId } of runs) found.push(workflowId);
  return found.filter((text) => text.includes(id)).sort();
}

/** All documents of all collections as text. */
async function documentsOf(uri: string): Promise<string[]> {
  const mongo = new MongoClient(uri);
  try {
    const database = mongo.db(DATABASE);
    const documents: string[] = [];
    for (const { name } of await database.listCollections().toArray()) {
      const found = await database.collection(name).find().toArray();
      documents.push(...found.map((document) => `${name}: ${JSON.stringify(document)}`));
    }
    return documents;
  } finally {
    await mongo.close();
  }
}
