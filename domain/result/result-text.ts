import { AppError } from '../errors.js';
import type { DetectionResult, ResultFrame, ResultHeader } from './result.js';

/** Bytes at both ends of a result object in which its header and its summary lie. */
export const RESULT_END_BYTES = 512 * 1024;

/** The lists of a result object, as their first lines say. */
const LISTS = ['  "frames": [', '  "skipped": ['];
const LAST_COMMA = /,$/;
/** What lies between a result's header and its frames, and what begins its end. */
const FRAMES_START = ',\n  "frames": [';
const SUMMARY_START = '"summary": {';

/** The frames of a result and then the skipped ones, from its lines: it has one for each. */
export async function* resultFramesOf(lines: AsyncIterable<string>): AsyncGenerator<ResultFrame> {
  let isIn = false;
  for await (const line of lines) {
    const isRow = isIn && line.startsWith('    {');
    if (isRow)
      yield JSON.parse(line.replace(LAST_COMMA, '')) as ResultFrame; // our own writing
    else isIn = LISTS.includes(line);
  }
}

/** What a result says before and after its frames. */
export interface ResultEnds {
  readonly header: ResultHeader;
  readonly summary: DetectionResult['summary'];
}

/**
 * @param head first, @param tail last characters of a result's text.
 * @throws AppError `INCOMPLETE_RESULT`, which names the place.
 */
export function parseResultEnds(head: string, tail: string, place: string): ResultEnds {
  const header = parseResultHeader(head, place);
  const tailStart = tail.lastIndexOf(SUMMARY_START);
  try {
    const end = JSON.parse(`{${tail.slice(tailStart)}`) as Pick<DetectionResult, 'summary'>;
    return { header, summary: end.summary };
  } catch (cause) {
    throw damaged(place, cause);
  }
}

/** @param head first characters of a result's text. @throws AppError `INCOMPLETE_RESULT`. */
export function parseResultHeader(head: string, place: string): ResultHeader {
  const end = head.indexOf(FRAMES_START);
  try {
    return JSON.parse(`${head.slice(0, Math.max(0, end))}}`) as ResultHeader; // our own writing
  } catch (cause) {
    throw damaged(place, cause);
  }
}

function damaged(place: string, cause: unknown): AppError {
  return new AppError('INCOMPLETE_RESULT', `The result ${place} is damaged.`, {}, { cause });
}
