import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import type { TableColumn } from '../../domain/image-batch/table-columns.js';

/** Number of cells of a row group, which is in memory as a whole. */
const GROUP_CELLS = 1_000_000;

const TYPES: Readonly<Record<TableColumn['type'], Pick<SchemaElement, 'type' | 'converted_type'>>> =
  {
    text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    number: { type: 'DOUBLE' },
    integer: { type: 'INT32' },
  };

/** Encodes rows as Parquet, a row group at a time. */
export async function* parquetTable(
  columns: readonly TableColumn[],
  parts: AsyncIterable<readonly ImageRow[]>,
): AsyncGenerator<Uint8Array, void> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns) });
  let group: ImageRow[] = [];
  const write = () => {
    if (group.length > 0)
      void writer.write({ columnData: columnData(columns, group), rowGroupSize: group.length });
    group = [];
    return take(bytes);
  };
  for await (const rows of parts) {
    group.push(...rows);
    if (group.length * columns.length >= GROUP_CELLS) yield write();
  }
  yield write();
  void writer.finish();
  yield take(bytes);
}

function schemaOf(columns: readonly TableColumn[]): SchemaElement[] {
  const leaves = columns.map(({ name, type }): SchemaElement => ({
    name,
    repetition_type: 'OPTIONAL',
    ...TYPES[type],
  }));
  return [{ name: 'root', num_children: columns.length }, ...leaves];
}

function columnData(columns: readonly TableColumn[], rows: readonly ImageRow[]) {
  return columns.map(({ name, cellOf }) => ({ name, data: rows.map((row) => cellOf(row)) }));
}

/** Takes the bytes that were written; the offsets in the file continue. */
function take(writer: ByteWriter): Uint8Array {
  const taken = writer.getBytes().slice();
  writer.index = 0;
  return taken;
}
