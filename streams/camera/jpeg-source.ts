import { streamError } from '../../adapters/rtsp/stream-error.js';
import { messageOf } from '../../domain/errors.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { causeOf } from '../../domain/stream/gap.js';
import { slotAt } from '../../domain/stream/slots.js';
import type { CameraContext } from './context.js';
import type { FrozenCheck } from './frozen.js';
import type { Interrupt } from './interrupt.js';
import { decodeJpeg } from './jpeg-decoder.js';
import { createScenes } from './scenes.js';

/**
 * Reads the JPEGs of a camera and decodes the first of each slot, until the connection ends. One that
 * is being decoded delays none that follows: the newest of them is next.
 * @throws AppError, or an `Interrupt` if the image is frozen.
 */
export async function readJpegs(
  context: CameraContext,
  units: AsyncIterable<AccessUnit>,
  frozen: FrozenCheck,
): Promise<never> {
  const { feeds, sink, parameters, url, onOverload } = context;
  const scenes = createScenes();
  let waiting: AccessUnit | undefined;
  /** End of the slot of the unit that is being decoded. */
  let decodingTo = 0;
  let filledTo = 0;
  let isDecoding = false;
  let keyframes = 0;
  let failure: Interrupt | undefined;

  async function decode(unit: AccessUnit): Promise<void> {
    decodingTo = slotAt(unit.arrival, parameters().fps).to;
    try {
      const frame = await decodeJpeg(context, unit);
      filledTo = slotAt(unit.arrival, frame.fps).to;
      failure ??= frozen.frame(frame.pixels, keyframes);
      const isStill = parameters().gate !== 'off' && scenes.isStill(frame);
      sink.add(frame, isStill ? { scene: scenes.arrival } : {});
    } catch (error) {
      const at = unit.arrival;
      sink.explain(causeOf('undecodable', messageOf(error)), { from: at, to: at });
    }
  }

  /** Replaces the unit that waits; its slot gets no frame if the new one is of a later slot. */
  function wait(unit: AccessUnit): void {
    const replaced = waiting;
    waiting = unit;
    if (!replaced || replaced.arrival < decodingTo) return;
    if (slotAt(replaced.arrival, parameters().fps).to > unit.arrival) return;
    sink.explain(causeOf('overload'), { from: replaced.arrival, to: unit.arrival });
    onOverload();
  }

  async function decodeWaiting(): Promise<void> {
    isDecoding = true;
    for (let unit = waiting; unit; unit = waiting) {
      waiting = undefined;
      if (unit.arrival >= filledTo) await decode(unit);
    }
    isDecoding = false;
  }

  feeds.clear();
  for await (const unit of units) {
    keyframes++;
    feeds.push(unit);
    sink.arrived(unit.arrival);
    if (unit.arrival >= filledTo) wait(unit);
    if (!isDecoding) void decodeWaiting();
    if (failure !== undefined) throw failure;
  }
  const what = `${url.shown} closed the connection`;
  throw streamError('STREAM_CONNECTION_FAILED', what, 'Check that the camera is running.');
}
