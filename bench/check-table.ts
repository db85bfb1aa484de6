import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Connected } from '../cli/connect.js';
import type { ImageRow } from '../domain/image-batch/image-row.js';

interface CheckedTable {
  readonly rows: number;
  /** Images of the list without a row. */
  readonly missing: number;
  /** Rows of an image that had one before. */
  readonly double: number;
}

/** Reads the table (`jsonl.gz`) of a batch, whose images are named `image 0`, `image 1` and so on. */
export async function checkTable(
  { client, objects }: Connected,
  batchId: string,
  count: number,
): Promise<CheckedTable> {
  const { bucket, key } = await client.imageBatches.table(batchId);
  const lines = createInterface({
    input: (await objects.getStream(bucket, key)).pipe(createGunzip()),
  });
  const names = new Set<string>();
  let rows = 0;
  for await (const line of lines) {
    rows += 1;
    names.add((JSON.parse(line) as ImageRow).key);
  }
  const expected = Array.from({ length: count }, (_, i) => `image ${i}`);
  const missing = expected.filter((name) => !names.has(name)).length;
  return { rows, missing, double: rows - names.size };
}
