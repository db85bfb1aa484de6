import { causeOf } from '../../domain/stream/gap.js';
import { createLedger, type LogEnd } from '../../domain/stream/ledger.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import type { LogWriter } from '../../domain/stream/log/log-writer.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import { createLogReader, type LogReader } from '../../domain/stream/log/read-log.js';
import { isGap } from '../../domain/stream/entry.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { BUCKETS } from '../../domain/names.js';

export const LOG_UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
export const LOG_START = Date.parse('2026-01-11T12:30:00.000Z');

/** Creates an empty log in memory. */
export async function createMemoryLog() {
  const store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.streams);
  return { store, uuid: LOG_UUID };
}

/** Makes stretches of one row, or one gap, per second that continue a log. */
export function createStretches(end: LogEnd) {
  const ledger = createLedger(LOG_UUID, end);
  const stretchOf = (add: () => NumberedStretch['entries']): NumberedStretch => {
    const { next: first, accountedTo: from } = ledger.end;
    const entries = add();
    return { first, fps: 1, from, to: ledger.end.accountedTo, entries };
  };
  const frame = () => ({ arrival: ledger.end.accountedTo + 10, detections: [] });
  return {
    row: () => stretchOf(() => ledger.addFrame(frame(), 1, causeOf('overload'))),
    gap: (ms = 1000) =>
      stretchOf(() => ledger.addGap(ledger.end.accountedTo + ms, causeOf('paused'))),
  };
}

/** Appends some rows and commits them; returns their numbers. */
export async function writeRows(writer: LogWriter, count: number): Promise<string[]> {
  const stretches = createStretches(writer.end);
  for (let row = 0; row < count; row++) writer.append(stretches.row());
  const entries = await writer.commit();
  await writer.removeChunks('some');
  return entries.map((entry) => (isGap(entry) ? 'gap' : `${entry.frame_number}`));
}

/** Reads a log as text: the numbers of rows, and "gap". */
export async function readNames(log: LogRef, after = 0): Promise<string[]> {
  return namesOf(createLogReader(log, after));
}

/** Reads the new entries of a reader as text. */
export const namesOf = (reader: LogReader) => toNames(reader.readNew());

/** Reads what the last commits added as text. */
export const addedNamesOf = (reader: LogReader) => toNames(reader.readAdded());

async function toNames(stretches: AsyncIterable<NumberedStretch>): Promise<string[]> {
  const names: string[] = [];
  for await (const { entries } of stretches) {
    names.push(...entries.map((entry) => (isGap(entry) ? 'gap' : `${entry.frame_number}`)));
  }
  return names;
}

/** Keys of a log without the scenario, in order. */
export async function keysOf({ store, uuid }: LogRef): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(BUCKETS.streams, `${uuid}/`)) {
    keys.push(key.slice(uuid.length + 1));
  }
  return keys;
}
