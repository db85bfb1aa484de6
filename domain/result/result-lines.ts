import type { TextChunks } from './parse-result.js';
import { toResultFrame } from './result-schema.js';
import type { ResultFrame } from './result.js';

/** Lists of a result, in the order in which `assembleResult` writes them, a line per frame. */
const LISTS = ['  "frames": [', '  "skipped": ['];
const EMPTY_LIST = '  "skipped": [],';
const LIST_END = '  ],';
const ROW_START = '    {';
/** Maximum length of a line in characters: a result on one line must not fill the memory. */
const MAX_LINE = 4 * 1024 ** 2;

/** What {@link readFrameLines} returns after the last frame that it could read. */
export interface LinesRead {
  readonly frames: number;
  /** False for text in another layout, and for damaged text. */
  readonly isComplete: boolean;
}

/**
 * Reads the frames and then the skipped frames of a result in the layout of `assembleResult`: five
 * times as fast as the general parser. Stops at the first line that is not in this layout.
 */
export async function* readFrameLines(chunks: TextChunks): AsyncGenerator<ResultFrame, LinesRead> {
  let frames = 0;
  let list = 0;
  let isInList = false;
  for await (const line of splitLines(chunks)) {
    if (isInList && line !== LIST_END) {
      const frame = parseRow(line);
      if (!frame) break;
      frames++;
      yield frame;
      continue;
    }
    const isEnd: boolean = isInList || (list === LISTS.length - 1 && line === EMPTY_LIST);
    isInList = !isEnd && line === LISTS[list];
    if (isEnd && ++list === LISTS.length) return { frames, isComplete: true };
  }
  return { frames, isComplete: false };
}

function parseRow(line: string): ResultFrame | undefined {
  if (!line.startsWith(ROW_START)) return undefined;
  try {
    return toResultFrame(JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line));
  } catch {
    return undefined;
  }
}

/** Ends early at a line that is too long. */
export async function* splitLines(chunks: TextChunks): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > MAX_LINE) return;
  }
}
