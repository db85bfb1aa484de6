import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { Sighting } from '../../domain/search/sighting.js';
import { causeOf } from '../../domain/stream/gap.js';
import { createLedger } from '../../domain/stream/ledger.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter, type LogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import { createMemoryLog, LOG_START, LOG_UUID } from '../../test/support/log-entries.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { scenarioDocument, sealedScenario } from '../../test/support/scenarios.js';
import { createCameraIndexer } from './index-cameras.js';

const logger = pino({ level: 'silent' });
const { signal } = new AbortController();
const END = { state: 'stopped', ended_at: new Date(), error: null, outcome: null } as const;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
let documents: DocumentStore;
let writer: LogWriter;
beforeEach(async () => {
  log = await createMemoryLog();
  documents = createMemoryDocumentStore();
  const start = await takeOver(log, { epoch: epochOf(0, 1), startedAt: LOG_START });
  writer = createLogWriter(log, start);
  await deploy();
});

const deploy = (fields = {}) => {
  const scenario = sealedScenario({ scenario_uuid: LOG_UUID, fps: 1 });
  return documents.scenarios.put(
    scenarioDocument({ scenario_uuid: LOG_UUID, scenario, ...fields }),
  );
};

/** Commits a row each second with objects of the given classes; null is a minute without rows. */
async function write(...rows: readonly (readonly string[] | null)[]): Promise<void> {
  for (const names of rows) {
    const ledger = createLedger(LOG_UUID, writer.end);
    const { accountedTo: from } = ledger.end;
    const detections = (names ?? []).map((name) => {
      return { class: name, confidence: 0.5, bbox: [0, 0, 9, 9] as const };
    });
    const entries = names
      ? ledger.addFrame({ arrival: from + 10, detections }, 1, causeOf('overload'))
      : ledger.addGap(from + 60_000, causeOf('paused'));
    writer.append({ fps: 1, from, to: ledger.end.accountedTo, entries });
  }
  await writer.commit();
}

const indexer = () => createCameraIndexer({ objects: log.store, documents, logger });
const spans = async () =>
  (await documents.sightings.list({ limit: 20 })).map((sighting) => [
    sighting.class,
    (sighting.from_ms - LOG_START) / 1000,
    (sighting.to_ms - LOG_START) / 1000,
    sighting.frames,
  ]);

describe('the sightings of cameras', () => {
  it('grow with the log, and end with a pause', async () => {
    const index = indexer();
    await write(['dog'], ['dog', 'cat']);
    await index(signal);
    expect(await spans()).toEqual([
      ['cat', 1.01, 1.01, 1],
      ['dog', 0.01, 1.01, 2],
    ]);
    await write([], ['dog'], null, ['dog']);
    await index(signal);
    expect(await spans()).toEqual([
      ['dog', 64.01, 64.01, 1],
      ['cat', 1.01, 1.01, 1],
      ['dog', 0.01, 3.01, 3],
    ]);
    const [newest] = await documents.sightings.list({ scenarioUuid: LOG_UUID, limit: 1 });
    expect(newest).toMatchObject({ event_id: null, video_id: null, best: { frame: 5 } });
    expect(newest!.at).toEqual(new Date(newest!.from_ms));
  });

  it('are the same from another process, which continues where this one stopped', async () => {
    await write(['dog'], ['dog']);
    await indexer()(signal);
    await write(['dog'], [], [], [], ['cat'], []);
    await indexer()(signal);
    const found = await documents.sightings.list({ limit: 20 });
    await deploy(); // forgets the place
    await indexer()(signal);
    expect(await documents.sightings.list({ limit: 20 })).toEqual(found);
    expect(await spans()).toEqual([
      ['cat', 6.01, 6.01, 1],
      ['dog', 0.01, 2.01, 3],
    ]);
    expect(await documents.scenarios.find(LOG_UUID)).toMatchObject({
      sightings: { after: 6, done: false },
    });
  });

  it('are complete once the scenario has ended', async () => {
    await write(['dog']);
    await deploy({ end: END });
    await indexer()(signal);
    expect(await spans()).toHaveLength(1);
    expect(await documents.scenarios.find(LOG_UUID)).toMatchObject({
      sightings: { after: 1, done: true },
    });
  });

  it('end with the day', async () => {
    const midnight = Date.UTC(2026, 0, 12);
    const ledger = createLedger(LOG_UUID, writer.end);
    const { accountedTo: from } = ledger.end;
    const entries = ledger.addGap(midnight - 1000, causeOf('paused'));
    writer.append({ fps: 1, from, to: ledger.end.accountedTo, entries });
    await write(['dog'], ['dog']);
    await indexer()(signal);
    expect((await spans()).map(([, , , frames]) => frames)).toEqual([1, 1]);
  });

  it('leave nothing of a scenario that is deleted in the meantime', async () => {
    await write(['dog']);
    const sightings = {
      ...documents.sightings,
      put: async (given: readonly Sighting[]) => {
        await documents.scenarios.remove(LOG_UUID);
        await documents.sightings.put(given);
      },
    };
    const deleting = { ...documents, sightings };
    await createCameraIndexer({ objects: log.store, documents: deleting, logger })(signal);
    expect(await spans()).toEqual([]);
  });
});
