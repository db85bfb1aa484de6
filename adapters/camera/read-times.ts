import type { Readable } from 'node:stream';
import { AppError } from '../../domain/errors.js';

/** Characters of one line that ffmpeg may write; its own have fewer than 100. */
const LINE_MAX = 4096;
const PTS = /\bpts:(-?\d+)/;

/**
 * Reads the timestamps that the `metadata=print` filter reports, in units of its time base.
 * @throws AppError `DECODE_FAILED` if a line is too long or a frame has no timestamp.
 */
export async function* readTimes(stream: Readable): AsyncGenerator<number, void, undefined> {
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_MAX) throw failed(`a line has more than ${LINE_MAX} characters`);
    for (const line of lines) {
      if (line.startsWith('frame:')) yield ptsOf(line);
    }
  }
}

function ptsOf(line: string): number {
  const pts = PTS.exec(line)?.[1];
  if (pts === undefined) throw failed(`"${line.slice(0, 80)}" has no timestamp`);
  return Number(pts);
}

function failed(reason: string): AppError {
  return new AppError('DECODE_FAILED', `ffmpeg reported unreadable frame times: ${reason}.`);
}
