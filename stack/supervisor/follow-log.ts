import { setTimeout as sleep } from 'node:timers/promises';
import { readFrom, sizeOf } from './log-file.js';

interface FollowOptions {
  readonly signal: AbortSignal;
  /** Offset in bytes of the first line; default: the end of the log. */
  readonly from?: number;
  /** Interval between two reads in milliseconds; default: 500. */
  readonly everyMs?: number;
}

const NEWLINE = 0x0a;

/**
 * Yields the lines that are appended to a log, without the last line break, until the signal aborts.
 * Continues in the new file when the log is rotated.
 */
export async function* followLog(
  path: string,
  { signal, from, everyMs = 500 }: FollowOptions,
): AsyncGenerator<string, void> {
  let offset = from ?? (await sizeOf(path));
  let rest = Buffer.alloc(0);
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    const { added, next } = await readAdded(path, offset);
    offset = next;
    const text = Buffer.concat([rest, added]);
    const end = text.lastIndexOf(NEWLINE);
    rest = text.subarray(end + 1);
    if (end >= 0) yield text.subarray(0, end).toString();
  }
}

/** Reads what was appended behind an offset; a log that became smaller has been rotated. */
async function readAdded(path: string, offset: number) {
  const isRotated = (await sizeOf(path)) < offset;
  if (!isRotated) {
    const added = await readFrom(path, offset);
    return { added, next: offset + added.length };
  }
  const end = await readFrom(`${path}.1`, offset);
  const start = await readFrom(path, 0);
  return { added: Buffer.concat([end, start]), next: start.length };
}
