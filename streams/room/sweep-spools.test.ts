import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import { eventDocumentAt } from '../../test/support/stream-events.js';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  LOG_UUID,
} from '../../test/support/log-entries.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { scenarioDocument } from '../../test/support/scenarios.js';
import { createJournalRoom, openJournal } from '../journal.js';
import { createJournalSync } from '../journal-sync.js';
import { spoolPaths } from '../spool-paths.js';
import { sweepSpools } from './sweep-spools.js';

const END = { state: 'stopped', ended_at: new Date(), error: null, outcome: null } as const;
const { signal } = new AbortController();
const ROOM = createJournalRoom(createJournalSync({ onFailure: () => undefined }));

let folder: string;
let log: Awaited<ReturnType<typeof createMemoryLog>>;
let documents: ReturnType<typeof createMemoryDocumentStore>;
let isOpen: (uuid: string) => boolean;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-spools-'));
  log = await createMemoryLog();
  documents = createMemoryDocumentStore();
  isOpen = () => false;
  const { journals, clips, lock } = spoolPaths(folder, LOG_UUID);
  for (const each of [journals, clips]) await mkdir(each, { recursive: true });
  await writeFile(lock, '');
  await writeFile(join(clips, 'event.mp4'), 'clip');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function sweep(): Promise<string[]> {
  await sweepSpools(
    {
      ...{ folder, store: log.store, host: { isOpen: (uuid) => isOpen(uuid) } },
      ...{ scenarios: documents.scenarios, events: documents.streamEvents },
      logger: pino({ level: 'silent' }),
    },
    signal,
  );
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const putScenario = (end: typeof END | null) =>
  documents.scenarios.put(scenarioDocument({ scenario_uuid: LOG_UUID, end }));

/** Makes two rows under an epoch: both are in the journal, and the first ones are stored. */
async function writeLog(window: number, storedRows: number): Promise<void> {
  const epoch = epochOf(window, 1);
  const start = await takeOver(log, { epoch, startedAt: LOG_START });
  const writer = createLogWriter(log, start);
  const journal = openJournal(spoolPaths(folder, LOG_UUID).journals, epoch, ROOM);
  const { row } = createStretches(start.end);
  for (let made = 0; made < 2; made++) {
    const stretch = row();
    journal.append(stretch);
    if (made < storedRows) writer.append(stretch);
  }
  await writer.commit();
  journal.close();
}

const ALL = [`${LOG_UUID}.lock`, 'event.mp4'];

describe('sweepSpools', () => {
  it.each([
    ['has ended', () => putScenario(END)],
    ['was deleted', () => Promise.resolve()],
  ])('removes the files of a scenario that %s', async (_, change) => {
    await change();
    expect(await sweep()).toEqual([]);
    expect(await readdir(join(folder, 'journals'))).toEqual([]);
    expect(await readdir(join(folder, 'clips'))).toEqual([]);
  });

  it('keeps the files of a scenario that has not ended', async () => {
    await putScenario(null);
    expect(await sweep()).toEqual(ALL);
  });

  it('keeps the files of a camera that is open here, also if it is opened during the sweep', async () => {
    await putScenario(END);
    isOpen = () => true;
    expect(await sweep()).toEqual(ALL);
    let checks = 0;
    isOpen = () => ++checks > 1;
    expect(await sweep()).toEqual(ALL);
  });

  it('keeps the files until all events are done', async () => {
    await putScenario(END);
    const event = eventDocumentAt(0);
    await documents.streamEvents.insert(event);
    expect(await sweep()).toEqual(ALL);
    await documents.streamEvents.update(event, { done: true });
    expect(await sweep()).toEqual([]);
  });

  it.each([0, 1])('keeps a journal of two rows of which %i are stored', async (stored) => {
    await putScenario(END);
    await writeLog(1, stored);
    expect(await sweep()).toContain(`${epochOf(1, 1)}.jsonl`);
  });

  it('removes a journal whose rows are all stored', async () => {
    await putScenario(END);
    await writeLog(1, 2);
    expect(await sweep()).toEqual([]);
  });

  it('removes a journal of an epoch after which the log was continued without it', async () => {
    await putScenario(END);
    await writeLog(1, 0);
    await takeOver(log, { epoch: epochOf(2, 1), startedAt: LOG_START });
    expect(await sweep()).toEqual([]);
  });

  it('keeps the rows of a scenario whose document and log are missing', async () => {
    const journal = openJournal(spoolPaths(folder, LOG_UUID).journals, epochOf(1, 1), ROOM);
    journal.append(createStretches({ next: 1, accountedTo: LOG_START }).row());
    journal.close();
    expect(await sweep()).toContain(`${epochOf(1, 1)}.jsonl`);
  });

  it('leaves other files alone, and continues if one scenario fails', async () => {
    await writeFile(join(folder, 'host-id'), 'x');
    const other = LOG_UUID.replace('5f', '00');
    await writeFile(spoolPaths(folder, other).lock, '');
    const { scenarios } = documents;
    const find = (uuid: string) =>
      uuid === other ? Promise.reject(new Error('no answer')) : scenarios.find(uuid);
    documents = { ...documents, scenarios: { ...scenarios, find } };
    expect((await sweep()).toSorted()).toEqual([`${other}.lock`, 'host-id'].toSorted());
  });
});
