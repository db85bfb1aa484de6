import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryLog,
  keysOf,
  LOG_START,
  readNames,
  writeRows,
} from '../../../test/support/log-entries.js';
import { epochOf } from './log-keys.js';
import { createLogWriter } from './log-writer.js';
import { sweepLog } from './sweep-log.js';
import { takeOver } from './take-over.js';

const LIMITS = { ms: 3000, gapMs: 10_000, bytes: 1e6 };
const [FIRST, SECOND] = [epochOf(1, 1), epochOf(1, 2)] as const;

let log: Awaited<ReturnType<typeof createMemoryLog>>;
beforeEach(async () => {
  log = await createMemoryLog();
});

async function writerOf(epoch: string) {
  const start = await takeOver(log, { epoch, startedAt: LOG_START });
  return createLogWriter(log, start, LIMITS);
}

describe('sweepLog', () => {
  it('removes what older owners left, and nothing of the log', async () => {
    const zombie = await writerOf(FIRST);
    await writeRows(zombie, 3);
    await writeRows(zombie, 1);
    await writerOf(SECOND);
    await writeRows(zombie, 3).catch(() => undefined); // stores a segment that is not part of the log
    expect(await sweepLog(log, SECOND)).toBeGreaterThanOrEqual(3);
    expect(await keysOf(log)).toEqual([
      `epochs/${SECOND}.base.json`,
      `epochs/${SECOND}.open.json`,
      `rows/2026-01-11/000000000001-${FIRST}-000000.jsonl`,
      `rows/2026-01-11/000000000004-${SECOND}-000000.jsonl`,
    ]);
    expect(await readNames(log)).toEqual(['1', '2', '3', '4']);
  });

  it('keeps the chunks and segments of its own epoch', async () => {
    const writer = await writerOf(FIRST);
    await writeRows(writer, 3);
    await writeRows(writer, 1);
    expect(await sweepLog(log, FIRST)).toBe(0);
    expect(await readNames(log)).toEqual(['1', '2', '3', '4']);
  });

  it('is rejected for an owner that is not the newest', async () => {
    await writeRows(await writerOf(FIRST), 1);
    await writerOf(SECOND);
    const keys = await keysOf(log);
    await expect(sweepLog(log, FIRST)).rejects.toThrow(
      expect.objectContaining({ code: 'SCENARIO_TAKEN_OVER' }),
    );
    expect(await keysOf(log)).toEqual(keys);
  });
});
