import { createInterface } from 'node:readline';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports.js';
import type { FrameRow, SkippedFrame } from '../domain/result.js';

/** A frame of a result: what was found in it, or why nothing was looked for. */
export type ResultFrame = FrameRow | SkippedFrame;

/** The lists of a result object, as their first lines say. */
const LISTS = ['  "frames": [', '  "skipped": ['];
const LAST_COMMA = /,$/;

/**
 * The frames of a result and then the skipped ones, each by frame, as a stream: a result has a line
 * for each of them, and only one is in memory.
 */
export async function* resultFrames(
  objects: Pick<ObjectStore, 'getStream'>,
  eventId: string,
): AsyncGenerator<ResultFrame> {
  const text = await objects.getStream(BUCKETS.results, keys.result(eventId));
  let isIn = false;
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
      const isRow = isIn && line.startsWith('    {');
      if (isRow)
        yield JSON.parse(line.replace(LAST_COMMA, '')) as ResultFrame; // our own writing
      else isIn = LISTS.includes(line);
    }
  } finally {
    text.destroy();
  }
}

/** Whether a frame of a result was skipped. */
export function isSkipped(frame: ResultFrame): frame is SkippedFrame {
  return 'reason' in frame;
}
