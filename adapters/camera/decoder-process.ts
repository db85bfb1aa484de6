import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { execa } from 'execa';
import { AppError } from '../../domain/errors.js';
import { ACCESS_UNIT_BYTES_MAX } from '../../domain/stream/access-unit.js';
import { firstErrorLine } from '../ffmpeg/ffmpeg-log.js';
import {
  decoderArguments,
  type DecoderInput,
  type DecoderOutput,
  JPEG_BOUNDARY,
  TIMES_FD,
} from './decoder-arguments.js';
import { createMultipartParser } from './multipart.js';
import { readPlanes } from './read-planes.js';
import { readTimes } from './read-times.js';

/** A decoded frame with its timestamp in the input. */
export interface TimedPlanes {
  readonly timeMs: number;
  /** Planes G, B, R of the requested size, one byte per value; a JPEG if the output is one. */
  readonly planes: Buffer;
}

/** A running ffmpeg that decodes a live stream or a file. */
export interface DecoderProcess {
  /** Frames in the order of their output; reading them slowly slows a decoder of a file down. */
  readonly frames: AsyncIterable<TimedPlanes>;
  /** Resolves with true when the input was written, and with false if the process has ended. */
  write(bytes: Buffer): Promise<boolean>;
  /** Reports the end of the input. */
  readonly end: () => void;
  readonly kill: () => void;
  readonly ended: Promise<DecoderEnd>;
}

export interface DecoderEnd {
  /** Whether the decoder read its input to the end. */
  readonly ok: boolean;
  /** First error that ffmpeg reported, or else its exit code or signal. */
  readonly message: string;
}

const LOG_LINES = 40;

/**
 * Starts a decoder.
 * @param launcher path of the script that fences ffmpeg in, without a limit of time.
 */
export function startDecoder(
  launcher: string,
  input: DecoderInput,
  output: DecoderOutput,
): DecoderProcess {
  const child = execa(resolve(launcher), decoderArguments(input, output), {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    buffer: false,
    reject: false,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  const log: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    if (log.push(line) > LOG_LINES) log.shift();
  });
  return {
    frames: withTimes(
      readImages(kept(child.stdout), output),
      readTimes(kept(child.stdio[TIMES_FD])),
    ),
    write: (bytes) => {
      return new Promise((done) => void child.stdin.write(bytes, (error) => done(!error)));
    },
    end: () => void child.stdin.end(),
    kill: () => void child.kill(),
    ended: child.then(({ exitCode, signal, originalMessage }) => {
      const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
      const message = firstErrorLine(log.join('\n')) ?? originalMessage ?? how;
      return { ok: exitCode === 0, message };
    }),
  };
}

function readImages(stdout: Readable, { size, format }: DecoderOutput): AsyncIterable<Buffer> {
  return format === 'jpeg' ? readJpegs(stdout) : readPlanes(stdout, 3 * size.width * size.height);
}

async function* readJpegs(stdout: Readable): AsyncGenerator<Buffer, void, undefined> {
  const parser = createMultipartParser(JPEG_BOUNDARY, { partBytes: ACCESS_UNIT_BYTES_MAX });
  for await (const chunk of stdout as AsyncIterable<Buffer>) yield* parser.push(chunk);
}

/** Output that waits for its reader: execa discards what no one reads at once. */
function kept(output: Readable): Readable {
  return pipeline(output, new PassThrough(), () => undefined);
}

/** @throws AppError `DECODE_FAILED` if a frame has no timestamp. */
async function* withTimes(
  frames: AsyncIterable<Buffer>,
  times: AsyncIterator<number, void>,
): AsyncGenerator<TimedPlanes, void, undefined> {
  for await (const planes of frames) {
    const { value: timeMs } = await times.next();
    if (timeMs === undefined) {
      throw new AppError('DECODE_FAILED', 'ffmpeg wrote a frame without reporting its timestamp.');
    }
    yield { timeMs, planes };
  }
}
