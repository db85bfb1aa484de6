import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { storedSighting, type StoredSighting } from '../adapters/store/mongo-sightings.js';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { readConfig } from '../config/index.js';
import { DATABASE, SIGHTINGS } from '../domain/collections.js';
import type { SightingFilter, SightingStore } from '../domain/ports/sighting-store.js';
import { type Sighting, sightingOfJob } from '../domain/search/sighting.js';
import { startServers } from '../stack/index.js';
import { print, silently } from './print.js';

const LIMIT = 24;
const BATCH = 2000;
/** Time after which FerretDB has indexes and triggers of new tables. */
const INDEX_MS = 6000;
const CLASSES = Array.from({ length: 80 }, (_, index) => `class-${index}`);
const JOBS = 2000;
const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

/** Queries of the table; those of a job and a video have few matches. */
const QUERIES: readonly (readonly [name: string, filter: SightingFilter])[] = [
  ['all', {}],
  ['class', { className: CLASSES[7] }],
  ['class, confidence over 0.5', { className: CLASSES[7], minConf: 0.5 }],
  ['class, confidence over 0.85', { className: CLASSES[7], minConf: 0.85 }],
  ['confidence over 0.9', { minConf: 0.9 }],
  [
    'class, second half of the time',
    {
      ...{ className: CLASSES[7], from: new Date(START + (JOBS / 2) * HOUR_MS) },
    },
  ],
  ['video', { videoId: 'video-7' }],
  ['class in a video', { videoId: 'video-7', className: CLASSES[7] }],
];

/**
 * Measures the first and the last page of searches over many sightings, as a Markdown table. A ratio
 * near 1 means that a page takes the same time wherever it is.
 */
export async function benchSearch(args: string[]): Promise<void> {
  const options = {
    sightings: { type: 'string', default: '100000' },
    repeats: { type: 'string', default: '15' },
  } as const;
  const { values } = parseArgs({ args, options });
  const [count, repeats] = [Number(values.sightings), Number(values.repeats)];
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
  const servers = await startServers({ config, onStep: silently });
  const { uri } = readConfig(servers.settings).documentStore;
  const store = createDocumentStore(uri);
  try {
    await store.ensureIndexes();
    await sleep(INDEX_MS);
    await insertSightings(uri, count);
    print(`${count} sightings, pages of ${LIMIT}, median of ${repeats}`);
    print('| search | matches | first page | last page | last / first |');
    print('| --- | ---: | ---: | ---: | ---: |');
    for (const [name, filter] of QUERIES) {
      print(await measureQuery(store.sightings, { name, filter, count, repeats }));
    }
  } finally {
    await store.close();
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function insertSightings(uri: string, count: number): Promise<void> {
  const client = new MongoClient(uri);
  const collection = client.db(DATABASE).collection<StoredSighting>(SIGHTINGS);
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from);
    const sightings = Array.from({ length }, (_, i) => storedSighting(benchSighting(from + i)));
    await collection.insertMany(sightings, { ordered: false });
  }
  await client.close();
}

interface Query {
  readonly name: string;
  readonly filter: SightingFilter;
  readonly count: number;
  readonly repeats: number;
}

async function measureQuery(store: SightingStore, { name, filter, count, repeats }: Query) {
  const ids = matchingIds(filter, count);
  const after = ids.at(-1 - LIMIT);
  const read = (cursor?: string) => store.list({ ...filter, limit: LIMIT, after: cursor });
  const lastId = (await read(after)).at(-1)?.sighting_id;
  if (lastId !== ids.at(-1)) throw new Error(`The last page of "${name}" ends with ${lastId}.`);
  const [first, last] = [
    await medianOf(repeats, () => read()),
    await medianOf(repeats, () => read(after)),
  ];
  const ratio = (last / first).toFixed(2);
  return `| ${name} | ${ids.length} | ${first.toFixed(1)} ms | ${last.toFixed(1)} ms | ${ratio} |`;
}

async function medianOf(repeats: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}

/** Ids of the sightings that match, in the order of the pages. */
function matchingIds(filter: SightingFilter, count: number): string[] {
  const { className, minConf = 0, videoId, from } = filter;
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const sighting = benchSighting(index);
    if (className !== undefined && sighting.class !== className) continue;
    if (videoId !== undefined && sighting.video_id !== videoId) continue;
    if (sighting.max_conf < minConf || (from && sighting.at < from)) continue;
    ids.push(sighting.sighting_id);
  }
  return ids.sort();
}

/** A sighting of one of many jobs, with a class and a confidence that do not depend on its time. */
function benchSighting(index: number): Sighting {
  const job = index % JOBS;
  const frame = 5 * Math.floor(index / JOBS);
  const mixed = (index * 2_654_435_761) % 4_294_967_296;
  const created_at = new Date(START + job * HOUR_MS).toISOString();
  const best = { frame, timestamp_ms: frame * 40, box: [10, 10, 200, 150] as const };
  return sightingOfJob(
    { event_id: `job-${job}`, video_id: `video-${job % (JOBS / 4)}`, created_at },
    {
      ...{ class: CLASSES[mixed % CLASSES.length]!, first_frame: frame, frames: 10 },
      ...{ from_ms: frame * 40, to_ms: frame * 40 + 2000, best },
      max_conf: 0.25 + (0.75 * Math.floor(mixed / 80)) / (4_294_967_296 / 80),
    },
  );
}
