import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { execa } from 'execa';
import type { Size } from '../../domain/result/detection.js';
import { untrustedInput } from '../ffmpeg/whitelists.js';
import type { BodyFormat } from './decoder-arguments.js';
import { type ProbeUnitsSettings, readSize, SIZE_ENTRIES } from './probe-units.js';

/** A body whose frames have a known size. */
export interface ProbedBody {
  readonly size: Size;
  /** The body from its beginning. */
  readonly body: Readable;
}

/** Bytes and time in which the size of the frames must be known. */
const HEAD_BYTES = 4 * 1024 ** 2;
const HEAD_MS = 10_000;
const ENTRIES = ['-hide_banner', '-v', 'error', ...SIZE_ENTRIES];
/** Shorter than for files, because the video has no end. */
const ANALYSIS = ['-probesize', '2M', '-analyzeduration', '1M', '-fpsprobesize', '0'];

/**
 * Reads the size of the frames from the beginning of a body.
 * @throws AppError `LIMIT_EXCEEDED` for frames that are too large, and `STREAM_NO_VIDEO`.
 */
export async function probeBody(
  { launcher, maxPixels }: ProbeUnitsSettings,
  format: BodyFormat,
  body: Readable,
  signal: AbortSignal,
): Promise<ProbedBody> {
  const kind = { protocol: 'pipe', formats: format } as const;
  const input = [...untrustedInput('ffprobe', maxPixels, kind), ...ANALYSIS, '-f', format];
  const probe = execa(resolve(launcher), [...ENTRIES, ...input, '-i', 'pipe:0'], {
    ...{ reject: false, timeout: HEAD_MS, killSignal: 'SIGKILL', maxBuffer: 100_000 },
    cancelSignal: signal,
  });
  const head = await copyInto(probe.stdin, body, probe);
  const { stdout, stderr } = await probe;
  try {
    signal.throwIfAborted();
    return { size: readSize(stdout, stderr, maxPixels), body: Readable.from(joined(head, body)) };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** Copies the beginning of a body until a process ends, and returns it. */
async function copyInto(input: Writable, body: Readable, ended: Promise<unknown>) {
  const head: Buffer[] = [];
  let bytes = 0;
  const copy = (chunk: Buffer) => {
    head.push(chunk);
    bytes += chunk.length;
    input.write(chunk);
    if (bytes >= HEAD_BYTES) end();
  };
  const end = () => {
    body.off('data', copy).pause();
    input.end();
  };
  input.on('error', () => undefined);
  body.on('data', copy).once('end', end).once('error', end);
  await ended;
  end();
  return head;
}

async function* joined(head: readonly Buffer[], body: Readable): AsyncGenerator<Buffer> {
  yield* head;
  yield* body as AsyncIterable<Buffer>;
}
