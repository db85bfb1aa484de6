import { createParameterWatch, createUnitConverter } from '../../adapters/camera/rtsp-units.js';
import { openRtspCamera } from '../../adapters/rtsp/rtsp-camera.js';
import { streamError } from '../../adapters/rtsp/stream-error.js';
import type { TimedUnit } from '../../adapters/rtsp/track-reader.js';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { waitForAbort } from '../../platform/wait-for-abort.js';
import type { CameraContext, SourceReader } from './context.js';
import type { FrozenCheck } from './frozen.js';
import { createUnitDecoder, type UnitDecoder } from './unit-decoder.js';
import { createUnitGate, type UnitGate } from './unit-gate.js';

/** Parts of one connection. */
interface Connection {
  readonly decoder: UnitDecoder;
  readonly gate: UnitGate;
}

/** Reads an `rtsp:` or `rtsps:` camera. */
export function createRtspSource(context: CameraContext, frozen: FrozenCheck): SourceReader {
  let connection: Connection | undefined;

  async function read(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const ended = Promise.withResolvers<unknown>();
    let take: (unit: TimedUnit) => void = (unit) => void early.push(unit);
    const early: TimedUnit[] = [];
    const camera = await openRtspCamera({
      ...{ ...context.settings, url: context.url, signal, now: context.clock.now },
      onUnit: (unit) => take(unit),
    });
    onOpen();
    const pipeline = createPipeline(context, camera.track.codec, frozen, ended.resolve);
    connection = pipeline;
    take = pipeline.take;
    early.forEach(take);
    try {
      const abort = waitForAbort(signal).then(() => signal.reason as unknown);
      const closed = camera.ended.then((error) => error ?? closedBy(context));
      throw await Promise.race([ended.promise, closed, abort]);
    } finally {
      connection = undefined;
      pipeline.decoder.close();
      await camera.close();
    }
  }

  return {
    read,
    reconfigure() {
      connection?.gate.reset();
      connection?.decoder.renew();
      return true;
    },
  };
}

function createPipeline(
  context: CameraContext,
  codec: NalCodec,
  frozen: FrozenCheck,
  onEnd: (error: unknown) => void,
) {
  const { clock, feeds, sink } = context;
  const convert = createUnitConverter(codec);
  const isOtherVideo = createParameterWatch(codec);
  const gate = createUnitGate(context);
  let keyframes = 0;
  const decoder = createUnitDecoder({
    ...{ context, codec, onEnd, onFailure: gate.reset },
    onFrame(frame) {
      const interrupt = frozen.frame(frame.pixels, keyframes);
      if (interrupt) onEnd(interrupt);
      for (const unit of gate.frame(frame)) decoder.push(unit, clock.now());
    },
  });
  feeds.clear();
  return {
    ...{ decoder, gate },
    take: (timed: TimedUnit) => {
      if (isOtherVideo(timed)) decoder.renew();
      const unit = convert(timed);
      if (unit.key) keyframes++;
      feeds.push(unit);
      sink.arrived(unit.arrival);
      const units = gate.unit(unit);
      for (const each of units) decoder.push(each, each === unit ? undefined : clock.now());
    },
  };
}

function closedBy({ url }: CameraContext) {
  const what = `${url.shown} closed the connection`;
  return streamError('STREAM_CONNECTION_FAILED', what, 'Check that the camera is running.');
}
