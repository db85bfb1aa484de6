import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  keysOf,
  LOG_START,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import { BUCKETS } from '../../names.js';
import { epochOf, logKeys } from './log-keys.js';
import { createLogWriter } from './log-writer.js';
import { takeOver } from './take-over.js';

const [FIRST, SECOND, THIRD] = [1, 2, 3].map((attempt) => epochOf(1, attempt)) as [
  string,
  string,
  string,
];
const LIMITS = { ms: 3000, gapMs: 10_000, bytes: 1e6 };
const TAKEN_OVER = expect.objectContaining({ code: 'SCENARIO_TAKEN_OVER' }) as unknown;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
beforeEach(async () => {
  log = await createMemoryLog();
});

const own = (epoch: string) => takeOver(log, { epoch, startedAt: LOG_START });
const writerOf = async (epoch: string) => createLogWriter(log, await own(epoch), LIMITS);

describe('takeOver', () => {
  it('starts a log at the start of its scenario', async () => {
    const end = { next: 1, accountedTo: LOG_START };
    expect(await own(FIRST)).toEqual({ epoch: FIRST, end, nextSegment: 0 });
    expect(await takeOver(log, { epoch: SECOND, startedAt: LOG_START + 5000 })).toEqual({
      ...{ epoch: SECOND, end, nextSegment: 0 },
    });
  });

  it('continues after the last stored row, and keeps rows that are in no segment', async () => {
    const before = await writerOf(FIRST);
    await writeRows(before, 4);
    await writeRows(before, 1);
    const start = await own(SECOND);
    expect(start.end).toEqual({ next: 6, accountedTo: LOG_START + 5000 });
    expect(await readNames(log)).toEqual(['1', '2', '3', '4', '5']);
    expect(await writeRows(createLogWriter(log, start, LIMITS), 1)).toEqual(['6']);
    expect(await readNames(log)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('continues over several owners, some without rows', async () => {
    for (let attempt = 1; attempt <= 9; attempt++) {
      const writer = await writerOf(epochOf(attempt, 1));
      if (attempt % 3) await writeRows(writer, attempt);
    }
    const numbers = await readNames(log);
    expect(numbers).toEqual(Array.from({ length: 1 + 2 + 4 + 5 + 7 + 8 }, (_, i) => `${i + 1}`));
  });

  it('ignores what an older owner stores later', async () => {
    const zombie = await writerOf(FIRST);
    await writeRows(zombie, 2);
    const writer = await writerOf(SECOND);
    await writeRows(zombie, 7).catch(() => undefined);
    await writeRows(writer, 1);
    expect(await readNames(log)).toEqual(['1', '2', '3']);
    await writerOf(THIRD);
    expect(await readNames(log)).toEqual(['1', '2', '3']);
  });

  it('changes nothing if it stops before its base is stored', async () => {
    const before = await writerOf(FIRST);
    await writeRows(before, 2);
    const store: typeof log.store = {
      ...log.store,
      put: (bucket, key, data) =>
        key === logKeys.base(log.uuid, SECOND)
          ? Promise.reject(new Error('crashed'))
          : log.store.put(bucket, key, data),
    };
    const stopped = takeOver({ ...log, store }, { epoch: SECOND, startedAt: LOG_START });
    await expect(stopped).rejects.toThrow('crashed');
    expect(await readNames(log)).toEqual([]);
    await own(THIRD);
    expect(await readNames(log)).toEqual(['1', '2']);
  });

  it('hides an owner whose base is stored after its successor has read an older one', async () => {
    const before = await writerOf(FIRST);
    await writeRows(before, 1);
    const second = await suspendBefore(SECOND);
    await writeRows(before, 2).catch(() => undefined); // a segment that the second did not see
    const third = await suspendBefore(THIRD);
    await second.resume();
    const fourth = await suspendBefore(epochOf(1, 4));
    await third.resume();
    expect(await readNames(log)).toEqual([]);
    await fourth.resume();
    expect(await readNames(log)).toEqual(['1']);
  });

  it('adds the rows that only the journal of this host has', async () => {
    const stretches = createStretches({ next: 1, accountedTo: LOG_START });
    const journal = [stretches.row(), stretches.row(), stretches.gap(), stretches.row()];
    const before = await writerOf(FIRST);
    before.append(journal[0]!);
    await before.commit();
    const asked: string[] = [];
    const readJournal = (epoch: string) => {
      asked.push(epoch);
      return Promise.resolve(journal);
    };
    const start = await takeOver(log, { epoch: SECOND, startedAt: LOG_START, readJournal });
    expect(start.end).toEqual({ next: 4, accountedTo: LOG_START + 4000 });
    expect(asked).toEqual([FIRST]);
    expect(await readNames(log)).toEqual(['1', '2', 'gap', '3']);
  });

  it('rejects an epoch that was used, or is older than the newest', async () => {
    await own(SECOND);
    await expect(own(SECOND)).rejects.toThrow(TAKEN_OVER);
    await expect(own(FIRST)).rejects.toThrow(TAKEN_OVER);
    expect(await keysOf(log)).toEqual([`epochs/${SECOND}.base.json`, `epochs/${SECOND}.open.json`]);
  });

  it('stores what it continues', async () => {
    await writeRows(await writerOf(FIRST), 4);
    await own(SECOND);
    const base = await log.store.get(BUCKETS.streams, logKeys.base(log.uuid, SECOND));
    expect(JSON.parse(base.toString())).toEqual({
      lineage: [{ epoch: FIRST, segments: 1 }],
      next: 4,
      accounted_to: LOG_START + 3000,
    });
  });
});

/** Takes over up to the request that stores the base. */
async function suspendBefore(epoch: string) {
  let resume!: () => void;
  const resumed = new Promise<void>((resolve) => (resume = resolve));
  let ended!: Promise<unknown>;
  await new Promise<void>((reached) => {
    const put: typeof log.store.put = async (bucket, key, data) => {
      if (key === logKeys.base(log.uuid, epoch)) {
        reached();
        await resumed;
      }
      await log.store.put(bucket, key, data);
    };
    const store = { ...log.store, put };
    ended = takeOver({ ...log, store }, { epoch, startedAt: LOG_START }).catch(() => undefined);
  });
  return {
    resume: async () => {
      resume();
      await ended;
    },
  };
}
