import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import { isGap, type LogEntry } from '../domain/stream/entry.js';
import type { LogEnd } from '../domain/stream/ledger.js';
import type { LogStore } from '../domain/stream/log/fence.js';
import { epochOf } from '../domain/stream/log/log-keys.js';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  readNames,
} from '../test/support/log-entries.js';
import { createJournalRoom } from './journal.js';
import { createJournalSync } from './journal-sync.js';
import { createScenarioLog } from './scenario-log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NEW: LogEnd = { next: 1, accountedTo: LOG_START };

/** A log on this host, whose store can be unavailable. */
async function setUp() {
  const memory = await createMemoryLog();
  let isAway = false;
  const expectAvailable = () => {
    if (isAway) throw new AppError('SERVER_UNAVAILABLE', 'away');
  };
  const store: LogStore = {
    ...memory.store,
    put: async (...request) => {
      expectAvailable();
      return memory.store.put(...request);
    },
    find: async (...request) => {
      expectAvailable();
      return memory.store.find(...request);
    },
  };
  const log = { store, uuid: memory.uuid };
  const stored: LogEntry[] = [];
  const room = createJournalRoom(createJournalSync({ onFailure: () => undefined }), 2000);
  const open = () =>
    createScenarioLog({
      ...{ log, folder, room },
      onStored: (entries) => stored.push(...entries),
      onJournalFailure: (error) => {
        throw error;
      },
    });
  return { ...{ log, memory, open, stored, room }, away: (value: boolean) => (isAway = value) };
}

const own = (window: number, attempt: number) => ({
  ...{ epoch: epochOf(window, attempt), startedAt: LOG_START },
});
const namesOf = (entries: readonly LogEntry[]) =>
  entries.map((entry) => (isGap(entry) ? 'gap' : `${entry.frame_number}`));
const journals = () => readdir(folder);

describe('the log of a scenario', () => {
  it('sends entries when they are stored, and empties the journal', async () => {
    const { log, open, stored, room } = await setUp();
    const scenario = open();
    expect(await scenario.takeOver(own(1, 1), {})).toEqual(NEW);
    const { row } = createStretches(NEW);
    scenario.append(row());
    scenario.append(row());
    expect(room.used).toBeGreaterThan(100);
    expect([stored, scenario.rowsBehind()]).toEqual([[], 2]);
    await scenario.commit();
    expect(scenario.rowsBehind()).toBe(0);
    expect([namesOf(stored), await readNames(log), room.used]).toEqual([['1', '2'], ['1', '2'], 0]);
  });

  it('continues with rows that a crash left in the journal', async () => {
    const { log, open } = await setUp();
    const crashed = open();
    await crashed.takeOver(own(1, 1), {});
    const { row } = createStretches(NEW);
    for (let i = 0; i < 3; i++) crashed.append(row());
    const next = open();
    const end = await next.takeOver(own(1, 2), {});
    expect(end).toEqual({ next: 4, accountedTo: LOG_START + 3000 });
    expect(await readNames(log)).toEqual(['1', '2', '3']);
    await expect(crashed.commit()).rejects.toMatchObject({ code: 'SCENARIO_TAKEN_OVER' });
    await next.commit();
    expect(await journals()).toEqual([`${epochOf(1, 2)}.jsonl`]);
  });

  it('continues with rows that are appended while it is taken over', async () => {
    const { log, open } = await setUp();
    const scenario = open();
    await scenario.takeOver(own(1, 1), {});
    const stretches = createStretches(NEW);
    scenario.append(stretches.row());
    const taking = scenario.takeOver(own(2, 1), {});
    let isOver = false;
    void taking.then(() => (isOver = true));
    let rows = 1;
    for (; !isOver; rows++) {
      scenario.append(stretches.row());
      await new Promise((done) => setImmediate(done));
    }
    expect((await taking).next).toBe(rows + 1);
    await scenario.commit();
    expect((await readNames(log)).length).toBe(rows);
  });

  it('keeps rows while the store is unavailable, also over attempts to take over', async () => {
    const { log, open, stored, away } = await setUp();
    const scenario = open();
    await scenario.takeOver(own(1, 1), {});
    const { row } = createStretches(NEW);
    scenario.append(row());
    away(true);
    await expect(scenario.commit()).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    await expect(scenario.takeOver(own(1, 2), {})).rejects.toThrow('away');
    scenario.append(row());
    away(false);
    // An epoch that failed is not used again, and the one before stores nothing.
    await scenario.commit();
    expect(stored).toEqual([]);
    expect((await scenario.takeOver(own(1, 3), {})).next).toBe(3);
    await scenario.commit();
    expect(await readNames(log)).toEqual(['1', '2']);
  });

  it('drops rows that another host has replaced', async () => {
    const { log, open } = await setUp();
    const here = open();
    await here.takeOver(own(1, 1), {});
    here.append(createStretches(NEW).row());
    const file = join(folder, `${epochOf(1, 1)}.jsonl`);
    await rm(file);
    const other = open();
    await other.takeOver(own(1, 2), {});
    other.append(createStretches(NEW).gap(1500));
    await other.finish();
    expect(await here.takeOver(own(1, 3), {})).toEqual({ next: 1, accountedTo: LOG_START + 1500 });
    await here.commit();
    expect(await readNames(log)).toEqual(['gap']);
  });

  it('stores everything at its end, and removes the journal', async () => {
    const { log, memory, open } = await setUp();
    const scenario = open();
    await scenario.takeOver(own(1, 1), {});
    scenario.append(createStretches(NEW).row());
    await scenario.finish();
    expect(await readNames(log)).toEqual(['1']);
    expect(await journals()).toEqual([]);
    const keys: string[] = [];
    for await (const key of memory.store.list('streams', `${memory.uuid}/rows/`)) keys.push(key);
    expect(keys).toHaveLength(1);
  });

  it('is full when the journals of the host are', async () => {
    const { open, away } = await setUp();
    const scenario = open();
    await scenario.takeOver(own(1, 1), {});
    away(true);
    const { row } = createStretches(NEW);
    for (let i = 0; i < 4; i++) scenario.append(row());
    expect(scenario.isFull()).toBe(false);
    for (let i = 0; i < 10; i++) scenario.append(row());
    expect(scenario.isFull()).toBe(true);
    const text = await readFile(join(folder, `${epochOf(1, 1)}.jsonl`), 'utf8');
    expect(text.length).toBeGreaterThan(2000);
    away(false);
    await scenario.commit();
    expect(scenario.isFull()).toBe(false);
  });
});
