import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  keysOf,
  LOG_START,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import type { LogStore } from './fence.js';
import { joinDays } from './join-day.js';
import { epochOf } from './log-keys.js';
import { createLogWriter } from './log-writer.js';
import { takeOver } from './take-over.js';

const LIMITS = { ms: 2000, gapMs: 10_000, bytes: 1e6 };
const DAY = '2026-01-11';

let log: Awaited<ReturnType<typeof createMemoryLog>>;
let before: string[];
beforeEach(async () => {
  log = await createMemoryLog();
  const writer = await writerOf(1);
  await writeRows(writer, 8);
  writer.append(createStretches(writer.end).gap(86_400_000));
  await writer.commit();
  await writeRows(writer, 3);
  await writer.close();
  before = await readNames(log);
});

async function writerOf(window: number) {
  const start = await takeOver(log, { epoch: epochOf(window, 1), startedAt: LOG_START });
  return createLogWriter(log, start, LIMITS);
}

const rowsAndDays = async () => (await keysOf(log)).filter((key) => /^(rows|days)/.test(key));
const daysOf = (keys: readonly string[]) => keys.filter((key) => key.startsWith('days/'));

describe('joinDays', () => {
  it('leaves a day alone until another owner continues it', async () => {
    expect(await joinDays(log)).toEqual([]);
    expect(daysOf(await rowsAndDays())).toEqual([]);
  });

  it('joins the segments of a day that is over, and keeps those of today', async () => {
    await writerOf(2);
    expect(await joinDays(log)).toEqual([DAY]);
    const keys = await rowsAndDays();
    expect(keys[0]).toBe(`days/${DAY}/000000-000000000001.jsonl`);
    expect(keys.slice(1).every((key) => key.startsWith('rows/2026-01-12/'))).toBe(true);
    expect(keys.length).toBeGreaterThan(1);
    expect(await readNames(log)).toEqual(before);
    expect(await joinDays(log)).toEqual([]);
  });

  it('cuts a large day into parts', async () => {
    await writerOf(2);
    await joinDays(log, { partBytes: 500 });
    const parts = daysOf(await rowsAndDays());
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map((key) => key.split('/')[2]!.slice(0, 6))).toEqual(
      parts.map((_, part) => String(part).padStart(6, '0')),
    );
    expect(await readNames(log)).toEqual(before);
    expect(await readNames(log, 5)).toEqual(before.slice(5));
  });

  it('loses nothing if it stops after any of its requests, and can be repeated', async () => {
    await writerOf(2);
    for (let allowed = 0; ; allowed++) {
      const attempt = joinDays(
        { ...log, store: stopAfter(log.store, allowed) },
        { partBytes: 500 },
      );
      const isDone = await attempt.then(
        () => true,
        () => false,
      );
      expect(await readNames(log), `after ${allowed} writes`).toEqual(before);
      if (isDone) break;
    }
    expect(daysOf(await rowsAndDays()).length).toBeGreaterThan(2);
  });
});

/** A store that rejects writes after a number of them. */
function stopAfter(store: LogStore, allowed: number): LogStore {
  let left = allowed;
  const orStop = (work: () => Promise<void>) =>
    left-- > 0 ? work() : Promise.reject(new Error('crashed'));
  return {
    ...store,
    put: (...args) => orStop(() => store.put(...args)),
    remove: (...args) => orStop(() => store.remove(...args)),
  };
}
