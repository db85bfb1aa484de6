import type { ObjectStore } from '../ports/object-store.js';
import { splitLines } from '../result/result-lines.js';

/** Reads the values of an object of JSON lines that Vidette has written. */
export async function* readJsonLines<T>(
  objects: Pick<ObjectStore, 'getStream'>,
  bucket: string,
  key: string,
): AsyncGenerator<T, void> {
  const text = await objects.getStream(bucket, key);
  try {
    for await (const line of splitLines(text)) if (line !== '') yield JSON.parse(line) as T;
  } finally {
    text.destroy();
  }
}
