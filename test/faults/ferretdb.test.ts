import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFerretSearch, type StoredSearch } from '../../adapters/store/ferretdb-search.js';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { readConfig } from '../../config/index.js';
import { DATABASE, SEARCHES } from '../../domain/collections.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { dataPaths, startServers, type StartedServers } from '../../stack/index.js';
import { libraryVideoStoreContract } from '../contracts/library-video-store.js';
import { sightingStoreContract } from '../contracts/sighting-store.js';
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
  store = connect();
  await store.ensureIndexes();
});
const uriOf = () => readConfig(servers.settings).documentStore.uri;
const connect = () => createDocumentStore(uriOf());
afterAll(async () => {
  await store?.close();
  await servers?.stop();
  await rm(join(files, '../..'), { recursive: true, force: true });
});

it('looks up events by an index, and returns them', async () => {
  const event = eventDocument({ event_id: 'one' });
  await store.insertEvent(event);
  await expect.poll(planOfLookup, { timeout: 30_000 }).toContain('USING INDEX vidette_id_events');
  await store.insertEvent(eventDocument({ event_id: 'two' }));
  expect(await store.findEvent('one')).toEqual(event);
  expect(await store.findEvent('three')).toBeUndefined();
});

// The first test waits for the triggers.
describe('a search', () => {
  let mongo: MongoClient;
  beforeAll(() => {
    mongo = new MongoClient(uriOf());
  });
  afterAll(() => mongo?.close());

  it('answers a search by a trigger', async () => {
    const searches = mongo.db(DATABASE).collection<StoredSearch>(SEARCHES);
    const isFerretDb = () => Promise.resolve(true);
    const findPage = createFerretSearch(searches, (_, query) => query(), isFerretDb);
    await expect.poll(() => findPage({ limit: 1 }), { timeout: 30_000 }).toBeDefined();
  });

  it.each(['event_id', 'scenario_uuid', 'video_id', 'class', 'all'])(
    'finds sightings by an index: %s',
    async (name) => {
      expect(await planOfSearch(name)).toContain(`INDEX vidette_sightings_${name} `);
    },
  );

  sightingStoreContract('FerretDB', connect);
  libraryVideoStoreContract('FerretDB', connect);

  it('keeps no search', async () => {
    await store.sightings.list({ className: 'nothing', limit: 1 });
    expect(await mongo.db(DATABASE).collection(SEARCHES).countDocuments()).toBe(0);
  });
});

/** Returns how SQLite runs the query by which FerretDB looks up an event. */
const planOfLookup = () =>
  withDatabase((database) => {
    const { name } = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'events_%'`)
      .get() as { name: string };
    const lookup = `SELECT _ferretdb_sjson FROM "${name}" WHERE _ferretdb_sjson->'$._id' = ?`;
    return JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${lookup}`).all('"one"'));
  });

/** Returns how SQLite runs the query of a trigger. */
const planOfSearch = (name: string) =>
  withDatabase((database) => {
    const { sql } = database
      .prepare(`SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?`)
      .get(`vidette_search_${name}`) as { sql: string };
    const query = /FROM \((SELECT .+)\)\s+\)\) WHERE rowid/s.exec(sql)![1]!; // as it is created
    const plan = `EXPLAIN QUERY PLAN ${query.replaceAll('NEW._ferretdb_sjson', `'{}'`)}`;
    return JSON.stringify(database.prepare(plan).all());
  });

async function withDatabase(read: (database: DatabaseSync) => string): Promise<string> {
  const [file = ''] = (await readdir(files)).filter((name) => name.endsWith('.sqlite'));
  const database = new DatabaseSync(join(files, file), { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
