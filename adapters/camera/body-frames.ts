import type { Readable } from 'node:stream';
import { startSilenceWatch } from '../rtsp/silence-watch.js';
import { RELAY_ADVICE, silentCamera, streamError } from '../rtsp/stream-error.js';
import type { BodyFormat, DecoderOutput } from './decoder-arguments.js';
import { startDecoder } from './decoder-process.js';

export interface BodyFramesSettings {
  /** Path of the script that fences ffmpeg in. */
  readonly launcher: string;
  readonly format: BodyFormat;
  readonly output: DecoderOutput;
  /** Time without data after which the connection ends, in ms; for frames, a slot more. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 5000;

/** A decoded frame of an HTTP body. */
export interface BodyFrame {
  /** Time at which ffmpeg read its packet, in ms since 1970. */
  readonly arrival: number;
  /** Planes G, B, R of the requested size. */
  readonly planes: Buffer;
}

/**
 * Decodes one frame per slot of an HTTP body, until the camera closes it.
 * @throws AppError `STREAM_NO_VIDEO` if no frame can be decoded, `STREAM_TIMEOUT` if no data or, after
 * the first frame, no video arrives, and the error of the body.
 */
export async function* decodeBody(
  { launcher, format, output, silenceMs = SILENCE_MS }: BodyFramesSettings,
  body: Readable,
  signal: AbortSignal,
): AsyncGenerator<BodyFrame, void, undefined> {
  signal.throwIfAborted();
  const decoder = startDecoder(launcher, { kind: 'body', format }, output);
  signal.addEventListener('abort', decoder.kill);
  let [chunks, frames] = [0, 0];
  let failure: unknown;
  const stopWatches: (() => void)[] = [];
  const watch = (what: string, limitMs: number, countUnits: () => number) => {
    const onSilence = () => {
      failure = silentCamera('the camera', limitMs, what);
      decoder.kill();
    };
    stopWatches.push(startSilenceWatch({ silenceMs: limitMs, countUnits, onSilence }));
  };
  watch('data', silenceMs, () => chunks);
  const feed = async () => {
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        chunks++;
        if (!(await decoder.write(chunk))) return;
      }
    } catch (error) {
      failure ??= error;
    } finally {
      decoder.end();
    }
  };
  void feed();
  try {
    for await (const { timeMs, planes } of decoder.frames) {
      if (++frames === 1) watch('video', silenceMs + 1000 / output.fps, () => frames);
      yield { arrival: timeMs, planes };
    }
    const { ok, message } = await decoder.ended;
    signal.throwIfAborted();
    if (failure instanceof Error) throw failure;
    if (frames === 0 && !ok) throw undecodable(message);
  } finally {
    signal.removeEventListener('abort', decoder.kill);
    for (const stop of stopWatches) stop();
    decoder.kill();
    body.destroy();
  }
}

function undecodable(reason: string) {
  const what = `the video of the camera cannot be decoded: ${reason}`;
  return streamError('STREAM_NO_VIDEO', what, RELAY_ADVICE);
}
