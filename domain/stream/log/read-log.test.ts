import { beforeEach, describe, expect, it } from 'vitest';
import {
  addedNamesOf,
  createMemoryLog,
  createStretches,
  LOG_START,
  namesOf,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import { createAccountant } from '../account.js';
import type { LogStore } from './fence.js';
import { followLog } from './follow-log.js';
import { joinDays } from './join-day.js';
import { epochOf, logKeys } from './log-keys.js';
import { createLogWriter } from './log-writer.js';
import { createLogReader } from './read-log.js';
import { takeOver } from './take-over.js';

const LIMITS = { ms: 3000, gapMs: 10_000, bytes: 1e6 };
const DAY_MS = 86_400_000;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
beforeEach(async () => {
  log = await createMemoryLog();
});

async function writerOf(window: number) {
  const start = await takeOver(log, { epoch: epochOf(window, 1), startedAt: LOG_START });
  return createLogWriter(log, start, LIMITS);
}

async function addGap(writer: Awaited<ReturnType<typeof writerOf>>, ms?: number) {
  writer.append(createStretches(writer.end).gap(ms));
  await writer.commit();
}

/** Rows 1 to 4, a gap, row 5, a day without rows, and rows 6 to 8 of another owner. */
async function writeExample() {
  const first = await writerOf(1);
  await writeRows(first, 4);
  await addGap(first);
  await writeRows(first, 1);
  await addGap(first, DAY_MS);
  await first.close();
  const second = await writerOf(2);
  await writeRows(second, 3);
  return second;
}

const ALL = ['1', '2', '3', '4', 'gap', '5', 'gap', '6', '7', '8'];

describe.each([
  ['segments and chunks', false],
  ['joined days', true],
])('a log in %s', (_, isJoined) => {
  beforeEach(async () => {
    const writer = await writeExample();
    if (isJoined) {
      await writer.close();
      await writerOf(3);
      expect(await joinDays(log)).toEqual(['2026-01-11']);
    }
  });

  it('is read from the beginning, and accounts for all of its time', async () => {
    const accountant = createAccountant();
    for await (const stretch of createLogReader(log).readNew()) accountant.add(stretch);
    expect(await readNames(log)).toEqual(ALL);
    expect(accountant.finish()).toMatchObject({
      ...{ frames: 8, seen_s: 8, gaps: { paused: 1 + DAY_MS / 1000 }, problems: [] },
    });
  });

  it.each([
    [1, 1],
    [3, 3],
    [4, 4],
    [5, 6],
    [7, 9],
    [8, 10],
    [99, 10],
  ])('is read after row %d, with the gaps that follow it', async (after, skipped) => {
    expect(await readNames(log, after)).toEqual(ALL.slice(skipped));
  });

  it('is read after a row with exact spans, so that parts account for their time', async () => {
    for (let after = 0; after < 8; after++) {
      const accountant = createAccountant();
      for await (const stretch of createLogReader(log, after).readNew()) accountant.add(stretch);
      expect(accountant.finish()).toMatchObject({ frames: 8 - after, problems: [] });
    }
  });
});

describe('a reader', () => {
  it('reads nothing of a log without an owner', async () => {
    expect(await readNames(log)).toEqual([]);
  });

  it('reads each entry once while rows are added, joined, and taken over', async () => {
    const reader = createLogReader(log);
    const names: string[] = [];
    for (let window = 1; window <= 4; window++) {
      const writer = await writerOf(window);
      for (let row = 0; row < 5; row++) {
        await writeRows(writer, 1);
        names.push(...(await namesOf(reader)));
      }
      await addGap(writer, DAY_MS);
      await writer.close();
      if (window % 2) names.push(...(await namesOf(reader)));
      await joinDays(log);
    }
    names.push(...(await namesOf(reader)));
    expect(names).toEqual(await readNames(log));
    expect(names.filter((name) => name !== 'gap')).toHaveLength(20);
    expect(reader.position.number).toBe(20);
  });

  it('does not read old objects again', async () => {
    await writeExample();
    const found: string[] = [];
    const store: LogStore = {
      ...log.store,
      find: (bucket, key) => {
        if (!key.includes('/epochs/')) found.push(key);
        return log.store.find(bucket, key);
      },
    };
    const reader = createLogReader({ ...log, store });
    await namesOf(reader);
    const first = found.splice(0).length;
    expect(await namesOf(reader)).toEqual([]);
    expect(found.length).toBeLessThanOrEqual(1);
    expect(first).toBeGreaterThan(3);
  });

  it('reads only the new chunk after a commit, and looks once for another owner', async () => {
    const writer = await writerOf(1);
    await writeRows(writer, 1);
    const requests: string[] = [];
    const reader = createLogReader({ ...log, store: recordRequests(log.store, requests) });
    expect(await namesOf(reader)).toEqual(['1']);
    requests.splice(0);
    await writeRows(writer, 1);
    expect(await addedNamesOf(reader)).toEqual(['2']);
    const [tail, fences] = [logKeys.chunksOf(log.uuid, epochOf(1, 1)), logKeys.fences(log.uuid)];
    expect(requests).toEqual([`list ${tail}`, `find ${tail}000000-000001.jsonl`, `list ${fences}`]);
  });

  it('reads the end of a segment that is stored with the next call, or to the end at once', async () => {
    const writer = await writerOf(1);
    await writeRows(writer, 1);
    const readers = [createLogReader(log), createLogReader(log)] as const;
    for (const reader of readers) expect(await namesOf(reader)).toEqual(['1']);
    await writeRows(writer, 1);
    writer.append(createStretches(writer.end).row());
    await writer.close();
    expect(await addedNamesOf(readers[0])).toEqual(['2']);
    expect(await addedNamesOf(readers[0])).toEqual(['3']);
    expect(await namesOf(readers[1])).toEqual(['2', '3']);
  });

  it('does not show a chunk that an owner stored after another one had begun', async () => {
    const writer = await writerOf(1);
    await writeRows(writer, 1);
    const reader = createLogReader(log);
    expect(await namesOf(reader)).toEqual(['1']);
    await writerOf(2);
    await expect(writeRows(writer, 1)).rejects.toMatchObject({ code: 'SCENARIO_TAKEN_OVER' });
    expect(await addedNamesOf(reader)).toEqual([]);
    await writeRows(await writerOf(3), 2);
    expect(await addedNamesOf(reader)).toEqual(['2', '3']);
  });

  it('shows nothing new while an owner takes over', async () => {
    const writer = await writerOf(1);
    await writeRows(writer, 1);
    await log.store.put('streams', logKeys.opened(log.uuid, epochOf(1, 2)), '{}');
    await writeRows(writer, 1).catch(() => undefined);
    expect(await readNames(log)).toEqual([]);
    await takeOver(log, { epoch: epochOf(1, 3), startedAt: LOG_START });
    expect(await readNames(log)).toEqual(['1', '2']);
  });

  it('ends with the reason of its signal', async () => {
    await writeExample();
    const reason = new Error('closed');
    const reading = createLogReader(log).readNew({ signal: AbortSignal.abort(reason) });
    await expect(reading.next()).rejects.toBe(reason);
  });
});

/** A store that records the requests of a reader. */
function recordRequests(store: LogStore, requests: string[]): LogStore {
  return {
    ...store,
    find: (bucket, key) => {
      requests.push(`find ${key}`);
      return store.find(bucket, key);
    },
    list: (bucket, prefix, options) => {
      requests.push(`list ${prefix}`);
      return store.list(bucket, prefix, options);
    },
  };
}

describe('followLog', () => {
  it('yields the log after a row, and what is added until it ends', async () => {
    const writer = await writerOf(1);
    await writeRows(writer, 3);
    const numbers: number[] = [];
    const waitForMore = async () => {
      if (writer.end.next > 8) return false;
      await writeRows(writer, 2);
      return true;
    };
    for await (const { first, entries } of followLog(log, { after: 2, waitForMore })) {
      numbers.push(...entries.map((_, index) => first + index));
    }
    expect(numbers).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });
});
