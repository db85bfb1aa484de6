import { JSONParser } from '@streamparser/json';
import { AppError } from '../errors.js';
import { toResultFrame } from './result-schema.js';
import type { ResultFrame } from './result.js';

/** UTF-8 text in pieces. */
export type TextChunks = AsyncIterable<Uint8Array | string>;

/** Value at one of the paths that are read, with the top-level field that holds it. */
interface FoundValue {
  readonly field: string;
  readonly value: unknown;
}

/**
 * Reads the frames and then the skipped frames of a result in any JSON layout. Skipped frames are
 * held in memory only if they come before the frames.
 * @throws AppError `INCOMPLETE_RESULT` if the text is not a complete JSON document of a result.
 */
export async function* parseFrames(chunks: TextChunks, place: string): AsyncGenerator<ResultFrame> {
  const early: ResultFrame[] = [];
  let hasFrames = false;
  for await (const { field, value } of findValues(chunks, ['$.frames.*', '$.skipped.*'], place)) {
    const frame = expectUndamaged(place, () => toResultFrame(value));
    if (field === 'frames') hasFrames = true;
    if (hasFrames) yield frame;
    else early.push(frame);
  }
  yield* early;
}

/**
 * Reads the top-level fields of these names from a JSON document in any layout.
 * @throws AppError `INCOMPLETE_RESULT` if the text is not a complete JSON document.
 */
export async function parseFields(
  chunks: TextChunks,
  names: readonly string[],
  place: string,
): Promise<Readonly<Record<string, unknown>>> {
  const fields: Record<string, unknown> = {};
  const paths = names.map((name) => `$.${name}`);
  for await (const { field, value } of findValues(chunks, paths, place)) fields[field] = value;
  return fields;
}

/**
 * Returns what `read` returns.
 * @throws AppError `INCOMPLETE_RESULT` with the place of the result if `read` throws.
 */
export function expectUndamaged<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw damaged(place, cause);
  }
}

async function* findValues(
  chunks: TextChunks,
  paths: string[],
  place: string,
): AsyncGenerator<FoundValue> {
  const parser = new JSONParser({ paths, keepStack: false });
  let found: FoundValue[] = [];
  parser.onValue = ({ key, value, stack }) => {
    found.push({ field: String(stack[1]?.key ?? key), value });
  };
  for await (const chunk of chunks) {
    expectUndamaged(place, () => parser.write(chunk));
    yield* found;
    found = [];
  }
  if (!parser.isEnded) throw damaged(place);
}

function damaged(place: string, cause?: unknown): AppError {
  return new AppError('INCOMPLETE_RESULT', `The result ${place} is damaged.`, {}, { cause });
}
