import { PassThrough, type Readable } from 'node:stream';
import { readCodecText } from '../../adapters/mp4/codec-text.js';
import { createFragmentedMp4, type FragmentedMp4 } from '../../adapters/mp4/fragmented-mp4.js';
import { AppError } from '../../domain/errors.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import type { UnitSource } from '../units.js';

/** Live video of a camera, which ends when the camera sends another kind of video. */
export interface LiveMp4 {
  /** @example 'video/mp4; codecs="avc1.4d4028"' */
  readonly contentType: string;
  /** Wall time of the start of the video, in ms since 1970. */
  readonly startMs: number;
  /** Fragmented MP4; destroy it to end the view. */
  readonly body: Readable;
}

export interface LiveMp4Options {
  /** Limit of waiting for the first fragment, in ms. */
  readonly timeoutMs?: number;
  /** Aborts waiting for the first fragment. */
  readonly signal: AbortSignal;
}

/** Time from which the view starts, before now, so that a whole fragment exists already, in ms. */
const BEFORE_MS = 2000;
const TIMEOUT_MS = 15_000;
/** Size of video that a slow viewer has not read, above which the view ends. */
const BACKLOG_BYTES_MAX = 32 * 1024 ** 2;

/**
 * Opens a live view. Packets are not encoded again.
 * @throws AppError `STREAM_CODEC_UNSUPPORTED` for MJPEG, and `STREAM_TIMEOUT` if no video arrives.
 */
export async function openLiveMp4(source: UnitSource, options: LiveMp4Options): Promise<LiveMp4> {
  const { timeoutMs = TIMEOUT_MS, signal } = options;
  const view = startView(source);
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = () => view.body.destroy(timeout.aborted ? late(timeoutMs) : undefined);
  for (const each of [timeout, signal]) each.addEventListener('abort', stop, { once: true });
  try {
    const { head, startMs } = await view.started;
    const codec = await readCodecText(head);
    return { contentType: `video/mp4; codecs="${codec}"`, startMs, body: view.body };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    for (const each of [timeout, signal]) each.removeEventListener('abort', stop);
  }
}

/** First bytes of a view, up to the end of its first fragment. */
interface ViewStart {
  readonly head: Buffer;
  readonly startMs: number;
}

function startView(source: UnitSource): { body: PassThrough; started: Promise<ViewStart> } {
  const body = new PassThrough({ highWaterMark: BACKLOG_BYTES_MAX });
  let mp4: FragmentedMp4 | undefined;
  let first: AccessUnit | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  let written: Promise<unknown> = Promise.resolve();

  const started = new Promise<ViewStart>((resolve, reject) => {
    const write = async (bytes: Uint8Array) => {
      if (!body.write(bytes)) body.destroy(tooSlow());
      head &&= Buffer.concat([head, bytes]);
      if (!head?.includes('mdat') || !first) return;
      resolve({ head, startMs: first.arrival });
      head = undefined;
      await Promise.resolve();
    };
    const add = async (unit: AccessUnit) => {
      if (body.destroyed) return;
      mp4 ??= openMp4(source, unit, write);
      if (!mp4) return;
      first ??= unit;
      if (unit.codec === first.codec) await mp4.add(unit);
      else body.end();
    };
    const stop = source.follow(Date.now() - BEFORE_MS, (unit) => {
      written = written.then(() => add(unit)).catch((error: Error) => body.destroy(error));
    });
    body.once('close', stop);
    body.once('error', reject);
    body.once('close', () => reject(new Error('The view was closed.')));
  });
  return { body, started };
}

/** Opens the MP4 with a keyframe. @throws AppError `STREAM_CODEC_UNSUPPORTED` */
function openMp4(
  source: UnitSource,
  { key, codec }: AccessUnit,
  write: (bytes: Uint8Array) => Promise<void>,
): FragmentedMp4 | undefined {
  if (codec === 'mjpeg') throw unsupported();
  const size = source.size();
  return key && size ? createFragmentedMp4({ codec, size, write }) : undefined;
}

function unsupported(): AppError {
  return new AppError(
    'STREAM_CODEC_UNSUPPORTED',
    'The camera sends MJPEG, which MP4 does not hold for browsers. Open live.mjpeg instead.',
  );
}

function late(timeoutMs: number): AppError {
  const message = `The camera sent no whole group of frames within ${timeoutMs} ms.`;
  return new AppError('STREAM_TIMEOUT', `${message} Check its state, or open live.mjpeg.`);
}

function tooSlow(): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The viewer is too slow: ${BACKLOG_BYTES_MAX} bytes of live video wait for it. Open live.mjpeg.`,
  );
}
