import { readCodecText } from '../../adapters/mp4/codec-text.js';
import { createFragmentedMp4 } from '../../adapters/mp4/fragmented-mp4.js';
import { AppError } from '../../domain/errors.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import type { UnitSource } from '../units.js';

/** Coded frame of a live view. */
export interface LiveFrame {
  readonly unit: AccessUnit;
  /** Codec as browsers expect it. @example 'avc1.4d4028' */
  readonly codecText: string;
}

export interface LiveFramesOptions {
  /** Limit of waiting for a keyframe, in ms. */
  readonly timeoutMs?: number;
  /** Ends the view. */
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 15_000;
/** Age and size of frames that a slow viewer has not read, above which only the newest keyframe is left. */
const MAX_LAG_MS = 1000;
const BACKLOG_BYTES_MAX = 16 * 1024 ** 2;

/**
 * Yields the coded frames of a camera as they arrive, from the newest keyframe on. For a viewer that is
 * too slow, those before the newest keyframe are left out. Ends when the camera sends another codec.
 * @throws AppError `STREAM_CODEC_UNSUPPORTED` for MJPEG, and `STREAM_TIMEOUT` if no keyframe arrives.
 */
export async function* liveFrames(
  source: UnitSource,
  { timeoutMs = TIMEOUT_MS, signal }: LiveFramesOptions,
): AsyncGenerator<LiveFrame, void, undefined> {
  const queue = createUnitQueue({
    ...{ maxLagMs: () => MAX_LAG_MS, maxBytes: BACKLOG_BYTES_MAX },
    onDrop: () => undefined,
  });
  let wake = () => {};
  const late = AbortSignal.timeout(timeoutMs);
  const stop = source.follow(Date.now(), (unit) => {
    // Frames from before the view are not old: they are needed to decode the first one.
    queue.push(unit, Date.now());
    wake();
  });
  const onAbort = () => wake();
  for (const each of [late, signal]) each.addEventListener('abort', onAbort, { once: true });
  let first: LiveFrame | undefined;
  try {
    while (!signal.aborted) {
      const unit = queue.next(Date.now());
      queue.release();
      if (!unit) {
        if (!first && late.aborted) throw tooLate(timeoutMs);
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      first ??= { unit, codecText: await codecTextOf(source, unit) };
      if (unit.codec !== first.unit.codec) return;
      yield { unit, codecText: first.codecText };
    }
  } finally {
    stop();
    for (const each of [late, signal]) each.removeEventListener('abort', onAbort);
  }
}

/** Reads the codec of a keyframe, as an MP4 of it would state it. */
async function codecTextOf(source: UnitSource, unit: AccessUnit): Promise<string> {
  const { codec } = unit;
  if (codec === 'mjpeg') throw unsupported('The camera sends MJPEG.');
  const parts: Uint8Array[] = [];
  const write = (bytes: Uint8Array) => Promise.resolve(void parts.push(bytes.slice()));
  // The size is not part of the codec.
  const size = source.size() ?? { width: 16, height: 16 };
  const mp4 = createFragmentedMp4({ codec, size, write });
  await mp4.add(unit);
  await mp4.close();
  const text = await readCodecText(Buffer.concat(parts));
  if (text === undefined) throw unsupported(`The profile of the ${codec} video is unknown.`);
  return text;
}

function unsupported(reason: string): AppError {
  return new AppError('STREAM_CODEC_UNSUPPORTED', `${reason} Open live.mjpeg instead.`);
}

function tooLate(timeoutMs: number): AppError {
  const message = `The camera sent no keyframe within ${timeoutMs} ms.`;
  return new AppError('STREAM_TIMEOUT', `${message} Check its state, or open live.mjpeg.`);
}
