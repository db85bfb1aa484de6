import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  writeRows,
} from '../../test/support/log-entries.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter, type LogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import { type FollowedLog, readResults } from './results.js';
import type { StreamResultsOptions } from './types.js';

let log: Awaited<ReturnType<typeof createMemoryLog>>;
let writer: LogWriter;
beforeEach(async () => {
  log = await createMemoryLog();
  const start = await takeOver(log, { epoch: epochOf(0, 1), startedAt: LOG_START });
  writer = createLogWriter(log, start);
  await writeRows(writer, 3);
  writer.append(createStretches(writer.end).gap(5000));
  await writer.commit();
  await writeRows(writer, 2);
});

/** A log to which each wait for a commit does the next of some steps; it ends after the last one. */
function followed(...steps: (() => unknown)[]): FollowedLog {
  return {
    log,
    hasEnded: () => Promise.resolve(steps.length === 0),
    watchCommits: () => ({
      next: async () => void (await steps.shift()?.()),
      close: () => undefined,
    }),
  };
}

const nameOf = (entry: LogEntry) => (isGap(entry) ? 'gap' : entry.frame_number);
async function read(source: FollowedLog, options?: StreamResultsOptions) {
  const names: (string | number)[] = [];
  for await (const entry of readResults(source, options)) names.push(nameOf(entry));
  return names;
}
const at = (seconds: number) => new Date(LOG_START + 1000 * seconds);

describe('readResults', () => {
  it.each<[string, StreamResultsOptions, (string | number)[]]>([
    ['everything', {}, [1, 2, 3, 'gap', 4, 5]],
    ['what follows a number', { after: 2 }, [3, 'gap', 4, 5]],
    ['what follows an instant', { from: at(2) }, [3, 'gap', 4, 5]],
    ['a gap that contains an instant', { from: at(5) }, ['gap', 4, 5]],
    ['what is before an instant', { to: at(2) }, [1, 2]],
    ['a span', { from: at(1), to: at(4) }, [2, 3, 'gap']],
  ])('reads %s', async (_, options, expected) => {
    expect(await read(followed(), options)).toEqual(expected);
  });

  it('reads to the end of a scenario that ends with a stored segment', async () => {
    const end = async () => {
      await writeRows(writer, 1);
      writer.append(createStretches(writer.end).row());
      await writer.close();
    };
    expect(await read(followed(end), { after: 4, follow: true })).toEqual([5, 6, 7]);
  });

  it('continues with new entries until the scenario has ended', async () => {
    const add = () => writeRows(writer, 2);
    expect(await read(followed(add, add), { after: 4, follow: true })).toEqual([5, 6, 7, 8, 9]);
  });

  it('leaves out what is stored already', async () => {
    const source = followed(() => writeRows(writer, 2));
    expect(await read(source, { fromEnd: true, follow: true })).toEqual([6, 7]);
  });

  it('reads the rows that were added just before the end', async () => {
    const source = followed();
    let isLate = true;
    const hasEnded = async () => {
      if (isLate) await writeRows(writer, 1);
      isLate = false;
      return true;
    };
    expect(await read({ ...source, hasEnded }, { after: 4, follow: true })).toEqual([5, 6]);
  });

  it('continues after the store was unavailable if it follows the log', async () => {
    let failures = 1;
    const find: typeof log.store.find = (...args) =>
      failures-- > 0 ? Promise.reject(storeError()) : log.store.find(...args);
    const source = { ...followed(), log: { ...log, store: { ...log.store, find } } };
    expect(await read(source, { follow: true })).toEqual([1, 2, 3, 'gap', 4, 5]);
    failures = 1;
    await expect(read(source)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
  });
});

const storeError = () => serverUnavailable('object store', {}, new Error('ECONNREFUSED'));
