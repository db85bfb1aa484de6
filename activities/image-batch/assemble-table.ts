import { Readable } from 'node:stream';
import { log } from '@temporalio/activity';
import { pMapIterable } from 'p-map';
import { AppError } from '../../domain/errors.js';
import type { AssembleTableInput, StoredTable } from '../../domain/image-batch/image-batch.js';
import type { ImageRow, PredictedRow } from '../../domain/image-batch/image-row.js';
import { countSlices, placeOfSlice } from '../../domain/image-batch/slices.js';
import { tableColumns } from '../../domain/image-batch/table-columns.js';
import { csvLine } from '../../domain/export/csv.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { parquetTable } from './parquet-table.js';
import { findImagePart, type ImagePart } from './part-store.js';

export interface AssembleTableDeps {
  readonly objects: ObjectStore;
}

/** Number of parts that are read ahead while one is written. */
const READ_AHEAD = 4;

/**
 * Streams the parts of a batch into its table, in the order of the list.
 * @throws AppError `INCOMPLETE_RESULT` if the parts do not add up to the list.
 */
export async function assembleTable(
  { objects }: AssembleTableDeps,
  { batch_id, table: format, total }: AssembleTableInput,
): Promise<StoredTable> {
  return withHeartbeat(async (beat) => {
    const parts = () => readParts(objects, batch_id, total, beat);
    const key = keys.imageTable(batch_id, format);
    const { signal } = beat;
    const content = Readable.from(await encodeTable(format, parts), { objectMode: false });
    await objects.putStream(BUCKETS.results, key, content, { signal });
    const stored = await objects.stat(BUCKETS.results, key);
    const size = stored?.size ?? 0;
    log.info('table assembled', { batch: batch_id, format, size });
    return { format, bucket: BUCKETS.results, key, size };
  });
}

type ReadParts = () => AsyncIterable<ImagePart>;

async function encodeTable(
  format: AssembleTableInput['table'],
  parts: ReadParts,
): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'jsonl.gz') return bytesOf(parts());
  const columns = tableColumns(await findPredicted(parts()));
  if (format === 'parquet') return parquetTable(columns, rowsOf(parts()));
  return csvTable(columns, rowsOf(parts()));
}

/** The stored parts as they are: members of one gzip file. */
async function* bytesOf(parts: AsyncIterable<ImagePart>): AsyncGenerator<Uint8Array, void> {
  for await (const { data } of parts) yield data;
}

async function* rowsOf(parts: AsyncIterable<ImagePart>): AsyncGenerator<readonly ImageRow[], void> {
  for await (const { rows } of parts) yield rows;
}

async function* csvTable(
  columns: ReturnType<typeof tableColumns>,
  parts: AsyncIterable<readonly ImageRow[]>,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(csvLine(columns.map(({ name }) => name)));
  for await (const rows of parts) {
    const lines = rows.map((row) => csvLine(columns.map(({ cellOf }) => cellOf(row))));
    yield Buffer.from(lines.join(''));
  }
}

/** Returns the first row without an error; undefined if there is none. */
async function findPredicted(parts: AsyncIterable<ImagePart>): Promise<PredictedRow | undefined> {
  for await (const { rows } of parts) {
    for (const row of rows) if (!('error' in row)) return row;
  }
  return undefined;
}

/** Reads the parts in order and checks the number of their rows. */
async function* readParts(
  objects: Pick<ObjectStore, 'find'>,
  batchId: string,
  total: number,
  { signal, report }: Beat,
): AsyncGenerator<ImagePart, void> {
  const slices = Array.from({ length: countSlices(total) }, (_, slice) => slice);
  const read = async (slice: number) =>
    [slice, await findImagePart(objects, batchId, slice)] as const;
  for await (const [slice, part] of pMapIterable(slices, read, { concurrency: READ_AHEAD })) {
    signal.throwIfAborted();
    const { from, to } = placeOfSlice(total, slice);
    if (part?.rows.length !== to - from) throw incomplete(batchId, slice, to - from, part);
    yield part;
    report({ slices: slice + 1 });
  }
}

function incomplete(batchId: string, slice: number, expected: number, part?: ImagePart): AppError {
  return new AppError(
    'INCOMPLETE_RESULT',
    `Part ${slice} of batch ${batchId} has ${part?.rows.length ?? 'no'} rows, expected ${expected}. Remove the part and start the batch again, which predicts only this part.`,
  );
}
