import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { expectNewest, type LogBase, type LogRef, readFences, takenOver } from './fence.js';
import { logKeys } from './log-keys.js';
import { putSegment, type WriterStart } from './log-writer.js';
import { baseAfter, type JournalReader, readPredecessor } from './predecessor.js';
import { createSegmentBuffer } from './segment-buffer.js';

export interface TakeOverOptions extends RequestOptions {
  /** Epoch of the new owner. It is used once: after a failure, take over with another one. */
  readonly epoch: string;
  /** Start of the scenario in ms since 1970: a log without entries starts there. */
  readonly startedAt: number;
  readonly readJournal?: JournalReader;
}

/**
 * Makes an epoch the owner of a log: opens it, copies the entries of the epoch before that are not
 * in a segment, and stores its base. What an older owner stores later is not part of the log.
 *
 * Each step is one object that is written once, so a take-over that stops anywhere changes nothing:
 * readers show nothing new until the next owner has stored its base.
 * @returns the position from which the new owner writes.
 * @throws AppError `SCENARIO_TAKEN_OVER` if the epoch was used, or a newer one has an owner.
 */
export async function takeOver(log: LogRef, options: TakeOverOptions): Promise<WriterStart> {
  const { epoch, startedAt, readJournal = () => Promise.resolve([]) } = options;
  await open(log, epoch, options);
  const predecessor = await readPredecessor(log, readJournal, options);
  const base: LogBase = predecessor
    ? baseAfter(predecessor)
    : { lineage: [], next: 1, accounted_to: startedAt };
  const buffer = createSegmentBuffer({ next: base.next, accountedTo: base.accounted_to }, 0);
  predecessor?.rest.forEach((stretch) => buffer.append(stretch));
  buffer.cut();
  for (const segment of buffer.complete) await putSegment(log, epoch, segment, options);
  const key = logKeys.base(log.uuid, epoch);
  await log.store.put(BUCKETS.streams, key, JSON.stringify(base), options);
  await expectNewest(log, epoch, options);
  return { epoch, end: buffer.end, nextSegment: buffer.complete.length };
}

async function open(log: LogRef, epoch: string, options: TakeOverOptions): Promise<void> {
  const { opened } = await readFences(log, options);
  if (opened !== undefined && opened >= epoch) throw takenOver(log, epoch, opened);
  const key = logKeys.opened(log.uuid, epoch);
  await log.store.put(BUCKETS.streams, key, JSON.stringify({ epoch }), options);
  await expectNewest(log, epoch, options);
}
