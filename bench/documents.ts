import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { readConfig } from '../config/index.js';
import type { EventDocument } from '../domain/job/event.js';
import { parametersOf, parseJobInput } from '../domain/job/job-input.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import { startServers } from '../stack/index.js';
import { cpuOf } from './cpu-meter.js';
import { print, silently } from './print.js';

const REPEATS = 5;
/** Time after which FerretDB has indexed new tables. */
const INDEX_MS = 6000;

/** Measures the CPU time that the document store of a local stack needs per operation. */
export async function benchDocuments(args: string[]): Promise<void> {
  const options = { events: { type: 'string', default: '10000' } } as const;
  const count = Number(parseArgs({ args, options }).values.events);
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
  const servers = await startServers({ config, onStep: silently });
  const store = createDocumentStore(readConfig(servers.settings).documentStore.uri);
  try {
    await store.ensureIndexes();
    await sleep(INDEX_MS);
    const cpu = () => Object.values(cpuOf([servers.pids().document_store!])).reduce(add, 0);
    await measure(store, count, cpu);
  } finally {
    await store.close();
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const add = (sum: number, value: number) => sum + value;

async function measure(store: DocumentStore, count: number, cpu: () => number): Promise<void> {
  const report = async (name: string, times: number, work: (index: number) => Promise<unknown>) => {
    const [start, before] = [performance.now(), cpu()];
    for (let index = 0; index < times; index++) await work(index);
    const wallMs = (performance.now() - start) / times;
    const cpuMs = ((cpu() - before) * 1000) / times;
    print(`${name.padEnd(40)} ${cpuMs.toFixed(1).padStart(8)} ms of CPU ${wallMs.toFixed(1)} ms`);
  };
  const eventId = (index: number) => `bench-${(index * 7919) % count}`;
  await report(`insertEvent, up to ${count}`, count, (i) => store.insertEvent(benchEvent(i)));
  await report('findEvent', REPEATS, (i) => store.findEvent(eventId(i)));
  await report('adoptEvent', REPEATS, (i) => store.adoptEvent(eventId(i), { frames_done: i }));
  await report('updateEvent of a run', REPEATS, (i) =>
    store.updateEvent(eventId(i), 'run', { frames_done: i }),
  );
  await report('findStatuses, 20', REPEATS, (i) =>
    store.findStatuses(Array.from({ length: 20 }, (_, each) => eventId(i + each))),
  );
  await report('listEvents, 50', REPEATS, () => store.listEvents({ limit: 50 }));
}

function benchEvent(index: number): EventDocument {
  return {
    ...{ event_id: `bench-${index}`, video_id: 'clip', bucket: 'videos', status: 'processing' },
    ...{ frames_total: null, frames_done: 0, result: null, error: null },
    ...{ created_at: new Date(index * 1000), ready_at: null, closed_at: null },
    ...{ fingerprint: 'f', video_etag: 'e', model: { name: 'mock', version: 1, sha256: 's' } },
    parameters: parametersOf(parseJobInput({ video_id: 'clip' })),
    ...{ device: 'cpu', rerun_of: null, run_id: 'run', workflow_id: `video-detection/${index}` },
    ...{ skipped: null, objects: null, device_used: {} },
  };
}
