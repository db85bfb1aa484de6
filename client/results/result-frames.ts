import { createInterface } from 'node:readline';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { ResultFrame } from '../../domain/result/result.js';
import { resultFramesOf } from '../../domain/result/result-text.js';

export { isSkipped, type ResultFrame } from '../../domain/result/result.js';

/**
 * The frames of a result and then the skipped ones, each by frame, as a stream: a result has a line
 * for each of them, and only one is in memory.
 */
export async function* resultFrames(
  objects: Pick<ObjectStore, 'getStream'>,
  eventId: string,
): AsyncGenerator<ResultFrame> {
  const text = await objects.getStream(BUCKETS.results, keys.result(eventId));
  try {
    yield* resultFramesOf(createInterface({ input: text, crlfDelay: Infinity }));
  } finally {
    text.destroy();
  }
}
