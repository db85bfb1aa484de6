import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import { tableColumns } from '../../domain/image-batch/table-columns.js';
import { parquetTable } from './parquet-table.js';

const ROWS = 160_000;
const PART = 10_000;

function row(index: number): ImageRow {
  const start = { key: `image ${index}`, etag: 'e' };
  if (index % 1000 === 0) return { ...start, error: `error ${index}` };
  return { ...start, class: 'bass', confidence: index / ROWS, width: 1, height: 2 };
}

it('writes row groups whose rows read back as they are', async () => {
  const parts = async function* () {
    for (let from = 0; from < ROWS; from += PART) {
      await Promise.resolve();
      yield Array.from({ length: PART }, (_, i) => row(from + i));
    }
  };
  const table = parquetTable(tableColumns(undefined), parts());
  const data = await buffer(Readable.from(table, { objectMode: false }));
  const file = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
  const { row_groups, num_rows } = parquetMetadata(file);
  expect(row_groups.length).toBeGreaterThan(1);
  expect(Number(num_rows)).toBe(ROWS);
  const [first, second] = await parquetReadObjects({ file, rowStart: 150_000, rowEnd: 150_002 });
  expect(first).toMatchObject({ key: 'image 150000', error: 'error 150000', confidence: null });
  expect(second).toMatchObject({ key: 'image 150001', error: null, confidence: 150_001 / ROWS });
});
