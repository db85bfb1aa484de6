import type { Readable } from 'node:stream';
import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import { expectUndamaged, parseFields, parseFrames } from './parse-result.js';
import { readFrameLines } from './result-lines.js';
import { resultHeaderSchema, resultSummarySchema } from './result-schema.js';
import type { ResultFrame, ResultHeader, ResultSummary } from './result.js';

/** Bytes at both ends of a result that hold its header and its summary in our own layout. */
const END_BYTES = 512 * 1024;
const FRAMES_START = ',\n  "frames": [';
const SUMMARY_START = '"summary": {';

const FIELDS = [
  ...['event_id', 'video_id', 'status', 'rerun_of', 'video', 'model', 'device'],
  ...['parameters', 'created_at', 'summary'],
];

/** Header and summary of a result: what comes before and after its frames. */
export interface ResultEnds {
  readonly header: ResultHeader;
  readonly summary: ResultSummary;
}

/**
 * Streams the frames of a result and then the skipped ones, each by frame. The result may be
 * formatted in any way; our own layout, a line per frame, is read faster.
 * @throws AppError `INCOMPLETE_RESULT` if the text is damaged.
 */
export async function* readResultFrames(
  objects: Pick<ObjectStore, 'getStream'>,
  eventId: string,
): AsyncGenerator<ResultFrame> {
  const byLine = yield* streamResult(objects, eventId, readFrameLines);
  if (byLine.isComplete) return;
  let toSkip = byLine.frames;
  const frames = streamResult(objects, eventId, (text) => parseFrames(text, placeOf(eventId)));
  for await (const frame of frames) if (--toSkip < 0) yield frame;
}

/**
 * Header and summary of a result: by two reads of its ends if it is in our own layout (results of
 * days of video are gigabytes), otherwise by streaming all of it. Undefined if there is no result.
 * @throws AppError `INCOMPLETE_RESULT` if the text is damaged.
 */
export async function readResultEnds(
  objects: Pick<ObjectStore, 'stat' | 'getRange' | 'getStream'>,
  eventId: string,
): Promise<ResultEnds | undefined> {
  const key = keys.result(eventId);
  const found = await objects.stat(BUCKETS.results, key);
  if (!found) return undefined;
  const length = Math.min(found.size, END_BYTES);
  const read = (offset: number) => objects.getRange(BUCKETS.results, key, offset, length);
  const head = (await read(0)).toString('utf8');
  const tail = (await read(found.size - length)).toString('utf8');
  return parseEnds(head, tail) ?? scanEnds(objects, eventId);
}

/** Undefined if the text is in another layout or damaged. */
function parseEnds(head: string, tail: string): ResultEnds | undefined {
  try {
    const header: unknown = JSON.parse(
      `${head.slice(0, Math.max(0, head.indexOf(FRAMES_START)))}}`,
    );
    const end: unknown = JSON.parse(`{${tail.slice(tail.lastIndexOf(SUMMARY_START))}`);
    const { summary } = end as { readonly summary: unknown };
    return toEnds({ ...(header as object), summary });
  } catch {
    return undefined;
  }
}

async function scanEnds(
  objects: Pick<ObjectStore, 'getStream'>,
  eventId: string,
): Promise<ResultEnds> {
  const text = await objects.getStream(BUCKETS.results, keys.result(eventId));
  try {
    const fields = await parseFields(text, FIELDS, placeOf(eventId));
    return expectUndamaged(placeOf(eventId), () => toEnds(fields));
  } finally {
    text.destroy();
  }
}

function toEnds({ summary, ...header }: Readonly<Record<string, unknown>>): ResultEnds {
  return { header: resultHeaderSchema.parse(header), summary: resultSummarySchema.parse(summary) };
}

async function* streamResult<T, R>(
  objects: Pick<ObjectStore, 'getStream'>,
  eventId: string,
  read: (text: Readable) => AsyncGenerator<T, R>,
): AsyncGenerator<T, R> {
  const text = await objects.getStream(BUCKETS.results, keys.result(eventId));
  try {
    return yield* read(text);
  } finally {
    text.destroy();
  }
}

function placeOf(eventId: string): string {
  return `${BUCKETS.results}/${keys.result(eventId)}`;
}
