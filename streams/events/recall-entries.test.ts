import { expect, it } from 'vitest';
import { isGap } from '../../domain/stream/entry.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogWriter } from '../../domain/stream/log/log-writer.js';
import { takeOver } from '../../domain/stream/log/take-over.js';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  writeRows,
} from '../../test/support/log-entries.js';
import { recallEntries } from './recall-entries.js';

it('reads the rows of some minutes before the end, and nothing after it', async () => {
  const log = await createMemoryLog();
  const owner = await takeOver(log, { epoch: epochOf(0, 1), startedAt: LOG_START });
  const writer = createLogWriter(log, owner);
  await writeRows(writer, 10);
  writer.append(createStretches(writer.end).gap());
  await writer.commit();
  const { end } = writer;
  await writeRows(writer, 3);
  const names = async (fps: number) =>
    (await recallEntries(log, end, fps)).map((entry) =>
      isGap(entry) ? 'gap' : entry.frame_number,
    );
  expect(await names(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'gap']);
  expect(await names(0.005)).toEqual([8, 9, 10, 'gap']);
});
