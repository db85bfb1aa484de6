import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import { findRowBefore } from './find-row.js';
import { joinDays } from './join-day.js';
import { epochOf, logKeys } from './log-keys.js';
import { createLogWriter } from './log-writer.js';
import { takeOver } from './take-over.js';

const LIMITS = { ms: 2000, gapMs: 10_000, bytes: 1e6 };
const DAY_MS = 86_400_000;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
beforeEach(async () => {
  log = await createMemoryLog();
  const writer = await writerOf(1);
  await writeRows(writer, 7);
  writer.append(createStretches(writer.end).gap(DAY_MS));
  await writer.commit();
  await writeRows(writer, 5);
  await writer.close();
});

async function writerOf(window: number) {
  const start = await takeOver(log, { epoch: epochOf(window, 1), startedAt: LOG_START });
  return createLogWriter(log, start, LIMITS);
}

/** Row n of the first day starts n - 1 seconds after the start. */
const secondAt = (seconds: number) => LOG_START + 1000 * seconds;

describe.each([
  ['segments', false],
  ['joined days', true],
])('findRowBefore in %s', (_, isJoined) => {
  beforeEach(async () => {
    if (!isJoined) return;
    await writerOf(2);
    await joinDays(log);
  });

  it.each([
    ['before the start', -60, 1],
    ['at the start', 0, 1],
    ['in the first day', 4, 5],
    ['in the gap', 3600, 8],
    ['in the second day', 86_400 + 9, 10],
    ['after the end', 2 * 86_400, 13],
  ])('leaves out no row at or after an instant %s', async (_, seconds, row) => {
    const number = await findRowBefore(log, secondAt(seconds));
    const first = (await readNames(log, number)).find((name) => name !== 'gap');
    expect(Number(first ?? 13)).toBeLessThanOrEqual(row);
  });
});

it('skips the segments before an instant', async () => {
  expect(await findRowBefore(log, secondAt(4))).toBe(4);
  expect(await findRowBefore(log, secondAt(86_400 + 9))).toBe(9);
});

it('starts at the beginning of a log without entries, and while a new owner takes over', async () => {
  expect(await findRowBefore(await createMemoryLog(), LOG_START)).toBe(0);
  await log.store.put('streams', logKeys.opened(log.uuid, epochOf(9, 1)), '{}');
  expect(await findRowBefore(log, secondAt(86_400 + 9))).toBe(0);
});
