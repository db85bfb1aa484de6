import { Readable } from 'node:stream';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** Streams lines into an object. */
export async function putLines(
  objects: Pick<ObjectStore, 'putStream'>,
  key: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const content = Readable.from(lines, { objectMode: false });
  await objects.putStream(BUCKETS.results, key, content, { signal });
}
