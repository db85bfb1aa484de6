import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { readConfig } from '../../config/index.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { dataPaths, startServers, type StartedServers } from '../../stack/index.js';
import { eventDocument } from '../support/events.js';

let files: string;
let servers: StartedServers;
let store: DocumentStore;
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-ferretdb-'));
  files = join(dataPaths(dataDir).documents, 'ferretdb');
  await mkdir(files, { recursive: true });
  const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
  servers = await startServers({ config, onStep: () => undefined });
  store = createDocumentStore(readConfig(servers.settings).documentStore.uri);
});
afterAll(async () => {
  await store?.close();
  await servers?.stop();
  await rm(join(files, '../..'), { recursive: true, force: true });
});

it('looks up events by an index, and returns them', async () => {
  await store.ensureIndexes();
  const event = eventDocument({ event_id: 'one' });
  await store.insertEvent(event);
  await expect.poll(planOfLookup, { timeout: 30_000 }).toContain('USING INDEX vidette_id_events');
  await store.insertEvent(eventDocument({ event_id: 'two' }));
  expect(await store.findEvent('one')).toEqual(event);
  expect(await store.findEvent('three')).toBeUndefined();
});

/** Returns how SQLite runs the query by which FerretDB looks up an event. */
async function planOfLookup(): Promise<string> {
  const [file = ''] = (await readdir(files)).filter((name) => name.endsWith('.sqlite'));
  const database = new DatabaseSync(join(files, file), { readOnly: true });
  try {
    const { name } = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'events_%'`)
      .get() as { name: string };
    const lookup = `SELECT _ferretdb_sjson FROM "${name}" WHERE _ferretdb_sjson->'$._id' = ?`;
    return JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${lookup}`).all('"one"'));
  } finally {
    database.close();
  }
}
