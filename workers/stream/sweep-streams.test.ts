import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { BUCKETS } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { epochOf, logKeys } from '../../domain/stream/log/log-keys.js';
import { createLogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import {
  createMemoryLog,
  createStretches,
  keysOf,
  LOG_START,
  LOG_UUID,
  readNames,
  writeRows,
} from '../../test/support/log-entries.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { scenarioDocument, sealedScenario } from '../../test/support/scenarios.js';
import { sweepStreams } from './sweep-streams.js';

const DAY_MS = 86_400_000;
const LOG_DAYS = 3;
const OTHER_UUID = LOG_UUID.replace('5f', '60');
const logger = pino({ level: 'silent' });

let log: Awaited<ReturnType<typeof createMemoryLog>>;
let documents: DocumentStore;
beforeEach(async () => {
  log = await createMemoryLog();
  documents = createMemoryDocumentStore();
  // Two rows at the start of each day.
  const writer = await writerOf(0);
  for (let day = 0; day < LOG_DAYS; day++) {
    await writeRows(writer, 2);
    writer.append(createStretches(writer.end).gap(DAY_MS - 2000));
    await writer.commit();
  }
  await writer.close();
  await writerOf(1); // days are joined when a later epoch has frozen them
});

async function writerOf(window: number) {
  const start = await takeOver(log, { epoch: epochOf(window, 1), startedAt: LOG_START });
  return createLogWriter(log, start);
}

async function sweep(keepDays: number, now: number, keepBytes?: number): Promise<string[]> {
  for (const uuid of [LOG_UUID, OTHER_UUID]) {
    const scenario = sealedScenario({ scenario_uuid: uuid, keep_days: keepDays });
    await documents.scenarios.put(scenarioDocument({ scenario_uuid: uuid, scenario }));
  }
  const { signal } = new AbortController();
  await sweepStreams({ objects: log.store, documents, keepBytes, logger }, now, signal);
  return keysOf(log);
}

const now = LOG_START + LOG_DAYS * DAY_MS;
const daysIn = (keys: readonly string[]) =>
  keys.filter((key) => key.startsWith('days/')).map((key) => key.slice(5, 15));

it('joins the rows of past days, and keeps all of them', async () => {
  const before = await readNames(log);
  const keys = await sweep(30, now);
  expect(daysIn(keys)).toEqual(['2026-01-11', '2026-01-12', '2026-01-13']);
  expect(await readNames(log)).toEqual(before);
});

it('removes the rows of days that are older than their scenario keeps them', async () => {
  expect(daysIn(await sweep(2, now))).toEqual(['2026-01-12', '2026-01-13']);
  expect((await readNames(log)).filter((name) => name !== 'gap')).toEqual(['3', '4', '5', '6']);
});

it('removes clips when they are too old, and before rows if there are too many bytes', async () => {
  const clip = `${LOG_UUID}/events/20260111T123005123Z-0.mp4`;
  await log.store.put(BUCKETS.streams, clip, Buffer.alloc(1000));
  expect(await sweep(30, now)).toContain('events/20260111T123005123Z-0.mp4');
  const used = await usedBytes();
  const keys = await sweep(30, now, used - 500);
  expect(keys).not.toContain('events/20260111T123005123Z-0.mp4');
  expect(daysIn(keys)).toHaveLength(LOG_DAYS);
});

it('continues with other scenarios if the log of one is damaged', async () => {
  const [first] = (await keysOf(log)).filter((key) => key.startsWith('epochs/'));
  await log.store.put(BUCKETS.streams, `${LOG_UUID}/${first}`, 'not JSON');
  await log.store.put(BUCKETS.streams, logKeys.base(LOG_UUID, epochOf(1, 1)), 'not JSON');
  const clip = `${OTHER_UUID}/events/20260101T123005123Z-0.mp4`;
  await log.store.put(BUCKETS.streams, clip, 'clip');
  await sweep(7, now);
  expect(await log.store.find(BUCKETS.streams, clip)).toBeUndefined();
});

async function usedBytes(): Promise<number> {
  let used = 0;
  for await (const { size } of log.store.listSizes(BUCKETS.streams, '')) used += size;
  return used;
}
