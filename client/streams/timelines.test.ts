import { expect, it } from 'vitest';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  writeRows,
} from '../../test/support/log-entries.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import { accountFor } from './account.js';
import { createTimelines } from './timelines.js';

const LIMITS = { ms: 10_000, gapMs: 600_000, bytes: 1e6 };

/** A log that starts at an instant, with 30 rows and a gap of 30 s. */
async function createLog(startedAt: number) {
  const log = await createMemoryLog();
  const start = await takeOver(log, { epoch: epochOf(0, 1), startedAt });
  const writer = createLogWriter(log, start, LIMITS);
  await writeRows(writer, 30);
  writer.append(createStretches(writer.end).gap(30_000));
  await writer.commit();
  let reads = 0;
  const find: typeof log.store.find = (...args) => {
    if (String(args[1]).includes('/rows/')) reads++;
    return log.store.find(...args);
  };
  return { log: { ...log, store: { ...log.store, find } }, writer, reads: () => reads };
}

it('accounts for a span, and for one without entries', async () => {
  const { log } = await createLog(LOG_START);
  const from = new Date(LOG_START + 20_000);
  expect(await accountFor(log, { from })).toEqual({
    ...{ scenario_uuid: log.uuid, from: from.toISOString(), to: '2026-01-11T12:31:00.000Z' },
    ...{ frames: 10, seen_s: 10, gaps: { paused: 30 }, problems: [] },
  });
  expect(await accountFor(log, {})).toMatchObject({ frames: 30, seen_s: 30 });
  const later = new Date(LOG_START + 3_600_000);
  expect(await accountFor(log, { from: later })).toMatchObject({
    frames: 0,
    to: later.toISOString(),
  });
});

it('reads only new segments for the next timeline of a day', async () => {
  const start = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  const { log, writer, reads } = await createLog(start);
  const timelines = createTimelines();
  const span = { from: new Date(start), to: new Date(start + 180_000), step_s: 60 };
  const first = { from: new Date(start).toISOString(), seen_s: 30, gaps: { paused: 30 } };
  expect(await timelines.read(log, span)).toMatchObject({ parts: [first] });
  const before = reads();
  await writeRows(writer, 5);
  const { parts } = await timelines.read(log, span);
  expect(parts).toMatchObject([first, { seen_s: 5 }]);
  expect(reads() - before).toBeLessThanOrEqual(1);
});

it.each([
  [{ step_s: 90 }, /multiple of 60/],
  [{ from: new Date(LOG_START + 1e7) }, /from must be before to/],
  [{ from: new Date(0), step_s: 60 }, /2000 are allowed/],
])('rejects %o', async (fields, message) => {
  const { log } = await createLog(LOG_START);
  const span = { from: new Date(LOG_START), to: new Date(LOG_START + 60_000), step_s: 60 };
  await expect(createTimelines().read(log, { ...span, ...fields })).rejects.toThrow(message);
});
