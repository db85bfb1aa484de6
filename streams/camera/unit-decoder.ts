import {
  type LiveDecoder,
  type LiveFrame,
  startLiveDecoder,
} from '../../adapters/camera/live-decoder.js';
import { probeUnits } from '../../adapters/camera/probe-units.js';
import { AppError, messageOf } from '../../domain/errors.js';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { causeOf } from '../../domain/stream/gap.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import { letterboxOf } from '../../models/preprocess/letterbox.js';
import type { CameraContext } from './context.js';
import type { DecodedFrame } from './frame-sink.js';

/** Decodes H.264 or H.265, with another process when the camera or the parameters change. */
export interface UnitDecoder {
  /** Decodes units, in order. @param since start of their age in ms; default: their arrival. */
  push(unit: AccessUnit, since?: number): void;
  /** Starts another decoder at the next keyframe, for another size or rate. */
  renew(): void;
  close(): void;
}

export interface UnitDecoderOptions {
  readonly context: Pick<
    CameraContext,
    'settings' | 'parameters' | 'clock' | 'sink' | 'onOverload'
  >;
  readonly codec: NalCodec;
  readonly onFrame: (frame: DecodedFrame, isKey: boolean) => void;
  /** Reports that the decoder failed: the next one starts at a keyframe. */
  readonly onFailure: () => void;
  /** Reports that the video cannot be decoded. */
  readonly onEnd: (error: AppError) => void;
}

/** Decoders in a row that returned no frame, after which the connection ends. */
const FAILURES_MAX = 3;
/** Time after which a decoder is replaced at a keyframe, so that no process grows old, in ms. */
const RENEW_MS = 24 * 3_600_000;
const DROPPED = causeOf('overload');

export function createUnitDecoder(options: UnitDecoderOptions): UnitDecoder {
  const { context, codec, onFrame, onFailure, onEnd } = options;
  const { settings, parameters, clock, sink } = context;
  const stop = new AbortController();
  const queue = createUnitQueue({
    maxLagMs: () => parameters().max_lag_ms,
    onDrop: ({ count, fromMs: from, toMs: to }) => {
      sink.explain(DROPPED, { from, to });
      context.onOverload(count);
    },
  });
  let decoder: LiveDecoder | undefined;
  let isStarting = false;
  let isRenewed = false;
  let failures = 0;
  let startedAt = 0;

  function end(message: string): void {
    decoder = undefined;
    queue.clear();
    const now = clock.now();
    const replaced = causeOf('undecodable', `The decoder was replaced: ${message}.`);
    sink.explain(replaced, { from: sink.pendingFrom ?? now, to: now });
    onFailure();
    if (++failures >= FAILURES_MAX) onEnd(undecodable(message));
  }

  async function start(key: AccessUnit): Promise<void> {
    isStarting = true;
    try {
      const { launcher, prober, maxPixels } = settings;
      const size = await probeUnits({ launcher: prober, maxPixels }, codec, [key], stop.signal);
      const { fps, input } = parameters();
      const content = letterboxOf(size, input).content;
      const output = { fps, size: content, maxPixels };
      const started = startLiveDecoder(
        { launcher, codec, output, now: clock.now, onFrame: (frame) => take(frame, size, output) },
        queue,
      );
      decoder = started;
      startedAt = clock.now();
      void started.ended.then(({ message }) => {
        if (decoder === started && !stop.signal.aborted) end(message);
      });
    } catch (error) {
      if (!stop.signal.aborted) onStartFailed(error, key);
    } finally {
      isStarting = false;
    }
  }

  function onStartFailed(error: unknown, { damaged }: AccessUnit): void {
    if (damaged || !(error instanceof AppError)) end(messageOf(error));
    else onEnd(error);
  }

  function take(frame: LiveFrame, size: Size, { fps, size: content }: { fps: number; size: Size }) {
    failures = 0;
    const { arrival, planes, damaged, cameraTime, key } = frame;
    const decoded = { arrival, damaged, cameraTime, fps, size, content, pixels: planes };
    onFrame({ ...decoded, layout: 'planes' }, key);
  }

  function closeDecoder(): void {
    const closed = decoder;
    decoder = undefined;
    queue.clear();
    closed?.close();
  }

  return {
    push(unit, since) {
      const isOld = decoder !== undefined && clock.now() - startedAt > RENEW_MS;
      if (unit.key && (isRenewed || isOld) && !isStarting) {
        isRenewed = false;
        closeDecoder();
      }
      queue.push(unit, since);
      if (unit.key && !decoder && !isStarting) void start(unit);
      decoder?.pump();
    },
    renew: () => void (isRenewed = true),
    close() {
      stop.abort();
      closeDecoder();
    },
  };
}

function undecodable(reason: string): AppError {
  const message =
    `Failed to open video: the video of the camera cannot be decoded: ${reason}. ` +
    'Check that it plays in another program, and restart the camera.';
  return new AppError('STREAM_NO_VIDEO', message);
}
