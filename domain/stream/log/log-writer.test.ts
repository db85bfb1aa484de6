import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  keysOf,
  LOG_START,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import { epochOf } from './log-keys.js';
import type { LogRef, LogStore } from './fence.js';
import { createLogWriter } from './log-writer.js';
import { takeOver } from './take-over.js';

const EPOCH = epochOf(1, 1);
const LIMITS = { ms: 3000, gapMs: 10_000, bytes: 1e6 };
const TAKEN_OVER = expect.objectContaining({ code: 'SCENARIO_TAKEN_OVER' }) as unknown;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
beforeEach(async () => {
  log = await createMemoryLog();
});

async function createWriter(on: LogRef = log) {
  const start = await takeOver(log, { epoch: EPOCH, startedAt: LOG_START });
  return createLogWriter(on, start, LIMITS);
}

/** A store whose next writes fail, before or after they reached it. */
function failingStore(store: LogStore, failures: ('before' | 'after')[]): LogStore {
  return {
    ...store,
    put: async (...args) => {
      const failure = failures.shift();
      if (failure !== 'before') await store.put(...args);
      if (failure) throw new Error('the store is unavailable');
    },
  };
}

describe('a log writer', () => {
  it('stores new rows in a chunk, and returns them once', async () => {
    const writer = await createWriter();
    expect(await writeRows(writer, 2)).toEqual(['1', '2']);
    expect(await writer.commit()).toEqual([]);
    expect(await keysOf(log)).toContain(`tail/${EPOCH}/000000-000000.jsonl`);
    expect(await readNames(log)).toEqual(['1', '2']);
    expect(writer.end).toEqual({ next: 3, accountedTo: LOG_START + 2000 });
  });

  it('replaces the chunks of a complete segment by the segment', async () => {
    const writer = await createWriter();
    for (let row = 1; row <= 4; row++) await writeRows(writer, 1);
    const keys = await keysOf(log);
    expect(keys.filter((key) => !key.startsWith('epochs/'))).toEqual([
      `rows/2026-01-11/000000000001-${EPOCH}-000000.jsonl`,
      `tail/${EPOCH}/000001-000000.jsonl`,
    ]);
    expect(await readNames(log)).toEqual(['1', '2', '3', '4']);
  });

  it('stores everything in segments when it is closed', async () => {
    const writer = await createWriter();
    await writeRows(writer, 1);
    writer.append(createStretches(writer.end).gap());
    expect(await writer.close()).toHaveLength(1);
    await writer.removeChunks('all');
    expect((await keysOf(log)).filter((key) => key.startsWith('tail/'))).toEqual([]);
    expect(await readNames(log)).toEqual(['1', 'gap']);
  });

  it.each(['before', 'after'] as const)(
    'repeats a write that failed %s it reached the store with the same content',
    async (when) => {
      const failures: ('before' | 'after')[] = [];
      const contents = new Map<string, Set<string>>();
      const inner: LogStore = {
        ...log.store,
        put: (bucket, key, data) => {
          contents.set(key, (contents.get(key) ?? new Set()).add(String(data)));
          return log.store.put(bucket, key, data);
        },
      };
      const writer = await createWriter({ ...log, store: failingStore(inner, failures) });
      const sent: string[] = [];
      for (let row = 1; row <= 12; row++) {
        failures.push(...(row % 3 ? [when] : []));
        sent.push(...(await writeRows(writer, 1).catch(() => [])));
      }
      sent.push(...(await writer.close()).map(String));
      expect(sent).toHaveLength(12);
      expect(await readNames(log)).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}`));
      expect([...contents.values()].filter(({ size }) => size > 1)).toEqual([]);
    },
  );

  it('removes the chunks of a segment after commits, a few at a time', async () => {
    const limits = { ...LIMITS, ms: 20_000 };
    const start = await takeOver(log, { epoch: EPOCH, startedAt: LOG_START });
    const writer = createLogWriter(log, start, limits);
    const chunks = async () => (await keysOf(log)).filter((key) => key.startsWith('tail/')).length;
    for (let row = 1; row <= 19; row++) await writeRows(writer, 1);
    writer.append(createStretches(writer.end).row());
    expect(await writer.commit()).toHaveLength(1);
    expect(await chunks()).toBe(19);
    const counts: number[] = [];
    for (let call = 0; call < 3; call++) {
      await writer.removeChunks('some');
      counts.push(await chunks());
    }
    expect(counts).toEqual([11, 3, 0]);
    expect(await readNames(log)).toHaveLength(20);
  });

  it('returns nothing after another owner has begun', async () => {
    const writer = await createWriter();
    await writeRows(writer, 1);
    await takeOver(log, { epoch: epochOf(1, 2), startedAt: LOG_START });
    await expect(writeRows(writer, 1)).rejects.toThrow(TAKEN_OVER);
    await expect(writer.close()).rejects.toThrow(TAKEN_OVER);
    expect(await readNames(log)).toEqual(['1']);
  });
});
