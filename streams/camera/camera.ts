import { AppError, messageOf } from '../../domain/errors.js';
import { canonicalJson } from '../../domain/hash.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { causeOf } from '../../domain/stream/gap.js';
import { createSuspensionWatch, TICK_MS } from '../../domain/stream/suspension-watch.js';
import type { CameraParameters, CameraTask, FromCamera, ToCamera } from '../protocol.js';
import { createCameraClock } from './camera-clock.js';
import type { CameraContext, SourceReader } from './context.js';
import { createFileSource } from './file-source.js';
import { createFrameSink } from './frame-sink.js';
import { createFrozenCheck, type FrozenCheck } from './frozen.js';
import { createHttpSource } from './http-source.js';
import { Interrupt } from './interrupt.js';
import { createOutbox } from './outbox.js';
import { createRtspSource } from './rtsp-source.js';
import { takeSnapshot } from './snapshot.js';
import { createUnitFeeds } from './unit-feeds.js';
import { watchSource } from './watch-source.js';

type Send = (message: FromCamera) => void;

/** Runs a camera. Returns what takes the messages that follow the task. */
export function runCamera(task: CameraTask, send: Send): (message: ToCamera) => void {
  let { parameters } = task;
  const clock = createCameraClock(task.notBefore);
  const onOverload = (frames = 1) => send({ type: 'overload', frames });
  const outbox = createOutbox({ slots: task.slots, send, onReplaced: onOverload });
  const sink = createFrameSink(outbox, () => watch.live());
  const feeds = createUnitFeeds(ringMsOf(parameters), send);
  const context: CameraContext = {
    ...{ settings: task.settings, url: parseCameraUrl(task.url), givenUrl: task.url },
    ...{ parameters: () => parameters, clock, outbox, sink, feeds, onOverload },
  };
  const frozen = createFrozenCheck(sink);
  const source = createSource(context, frozen);
  const watch = watchSource(context, source, frozen.reconnected);
  void report(watch.ended, context, send);
  keepTime(context, send, watch.interrupt);

  function configure(next: CameraParameters): void {
    const isSame = canonicalJson(decodingOf(next)) === canonicalJson(decodingOf(parameters));
    parameters = next;
    feeds.keep(ringMsOf(next));
    if (!isSame && !source.reconfigure()) watch.interrupt(new Interrupt('the parameters changed'));
  }

  return (message) => {
    switch (message.type) {
      case 'start':
        return;
      case 'configure':
        return configure(message.parameters);
      case 'free':
        return outbox.free(message.slot);
      case 'snapshot':
        return void sendSnapshot(context, message.id, send);
      case 'units':
        return feeds.start(message.id, message.fromMs);
      case 'stop-units':
        return feeds.stop(message.id);
    }
  };
}

/** Time of units that is kept for viewers, and until a row that starts an event is stored, in ms. */
const RING_MS = 5000;

function ringMsOf({ clipBeforeMs = 0 }: CameraParameters): number {
  return clipBeforeMs + RING_MS;
}

/** Parameters for which the decoder, or for some sources the connection, must be another one. */
function decodingOf({ fps, gate, pace, loop, input }: CameraParameters) {
  return { fps, gate, pace, loop, input };
}

function createSource(context: CameraContext, frozen: FrozenCheck): SourceReader {
  switch (context.url.protocol) {
    case 'rtsp':
    case 'rtsps':
      return createRtspSource(context, frozen);
    case 'http':
    case 'https':
      return createHttpSource(context, frozen);
    case 'file':
      return createFileSource(context);
  }
}

async function report(ended: Promise<void>, { outbox, clock }: CameraContext, send: Send) {
  try {
    await ended;
    await outbox.drained();
    send({ type: 'ended', at: Math.round(clock.now()) });
  } catch (error) {
    const { code = 'INVALID_INPUT', facts = {} } = error instanceof AppError ? error : {};
    send({ type: 'failed', code, message: messageOf(error), facts });
  }
}

async function sendSnapshot({ feeds, sink }: CameraContext, id: number, send: Send) {
  const jpeg = await takeSnapshot(feeds, sink.newest).catch(() => undefined);
  send({ type: 'snapshot', id, jpeg });
}

/** Follows the clock, notices that this process was suspended, and sends signs of life. */
function keepTime(
  { clock, sink, outbox }: CameraContext,
  send: Send,
  interrupt: (interrupt: Interrupt) => void,
): void {
  const suspension = createSuspensionWatch(performance.now());
  setInterval(() => {
    const step = clock.tick();
    const { state } = sink;
    if (step && state) {
      sink.change({ at: step.fromMs, state: state.state, cause: causeOf(step.reason) });
      sink.change({ ...state, at: step.toMs });
    }
    const suspended = suspension.tick(performance.now());
    const now = Math.round(clock.now());
    if (suspended) {
      // What has arrived since then would be taken for new.
      const from = now - Math.round(suspended.toMs - suspended.fromMs);
      sink.change({ at: from, state: 'connecting', cause: causeOf('host_suspended') });
      interrupt(new Interrupt('the process was suspended'));
    }
    const at = Math.min(now, sink.pendingFrom ?? now);
    send({ type: 'alive', at: outbox.isEmpty() ? at : undefined });
  }, TICK_MS);
}
