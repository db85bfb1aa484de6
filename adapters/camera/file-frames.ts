import { AppError } from '../../domain/errors.js';
import { slotAt } from '../../domain/stream/slots.js';
import type { DecoderOutput } from './decoder-arguments.js';
import { type DecoderProcess, startDecoder } from './decoder-process.js';

export interface FileFramesSettings {
  /** Path of the script that fences ffmpeg in. */
  readonly launcher: string;
  /** Path of the file, as `resolveVideoFile` returns it. */
  readonly path: string;
  /** `fast` decodes as fast as the frames are read; no frame is dropped. */
  readonly pace: 'realtime' | 'fast';
  /** Whether the file starts again after its end. */
  readonly loop: boolean;
  readonly output: DecoderOutput;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A decoded frame of a file. */
export interface FileFrame {
  /** Time at which playing the file in real time shows the frame, in ms since 1970. */
  readonly arrival: number;
  /** Planes G, B, R of the requested size. */
  readonly planes: Buffer;
}

/**
 * Decodes one frame per slot of a file. Slots count from the first frame, so each slot of the file
 * is a slot of the grid.
 * @throws AppError `BAD_VIDEO` if no frame can be decoded, and `DECODE_FAILED` if ffmpeg is stopped.
 */
export async function* decodeFile(
  settings: FileFramesSettings,
  signal: AbortSignal,
): AsyncGenerator<FileFrame, void, undefined> {
  const { launcher, path, pace, loop, output, now = Date.now } = settings;
  let next = now();
  do {
    signal.throwIfAborted();
    const startMs = pace === 'realtime' ? Math.max(next, now()) : next;
    const decoder = startDecoder(launcher, { kind: 'file', path, pace }, output);
    for await (const frame of playFrom(startMs, decoder, output.fps, signal)) {
      next = slotAt(frame.arrival, output.fps).to;
      yield frame;
    }
  } while (loop);
}

async function* playFrom(
  startMs: number,
  decoder: DecoderProcess,
  fps: number,
  signal: AbortSignal,
): AsyncGenerator<FileFrame, void, undefined> {
  signal.addEventListener('abort', decoder.kill);
  let offset: number | undefined;
  try {
    for await (const { timeMs, planes } of decoder.frames) {
      offset ??= slotAt(startMs - 1, fps).to - slotAt(timeMs, fps).from;
      yield { arrival: timeMs + offset, planes };
    }
    const { ok, message } = await decoder.ended;
    signal.throwIfAborted();
    if (offset === undefined) throw unreadable(message);
    if (!ok) throw new AppError('DECODE_FAILED', `ffmpeg stopped within the file: ${message}.`);
  } finally {
    signal.removeEventListener('abort', decoder.kill);
    decoder.kill();
  }
}

function unreadable(reason: string): AppError {
  const advice = 'Check that it plays and is complete.';
  const message = `Failed to open video: no frame of the file can be decoded: ${reason}. ${advice}`;
  return new AppError('BAD_VIDEO', message);
}
