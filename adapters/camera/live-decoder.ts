import { messageOf } from '../../domain/errors.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { createDecoderWatch, DECODER_STUCK_MS } from '../../domain/stream/decoder-watch.js';
import { slotAt } from '../../domain/stream/slots.js';
import type { UnitQueue } from '../../domain/stream/unit-queue.js';
import type { DecoderOutput } from './decoder-arguments.js';
import { startDecoder, type TimedPlanes } from './decoder-process.js';
import { liveCluster, matroskaHeader } from './live-matroska.js';

/** A decoded frame of a camera. */
export interface LiveFrame {
  /** Arrival of the access unit that the frame was decoded from. */
  readonly arrival: number;
  /** Planes G, B, R of the requested size. */
  readonly planes: Buffer;
  readonly key: boolean;
  readonly damaged: boolean;
  /** UTC of the camera in ms since 1970; null if it does not report it. */
  readonly cameraTime: number | null;
}

export interface LiveDecoderSettings {
  /** Path of the script that fences ffmpeg in. */
  readonly launcher: string;
  readonly codec: NalCodec;
  readonly output: DecoderOutput;
  /** Clock of {@link AccessUnit.arrival}. */
  readonly now?: () => number;
  readonly onFrame: (frame: LiveFrame) => void;
}

/** Reason for the end of a decoder: it was closed, returned no frame in time, or failed. */
export interface LiveDecoderEnd {
  readonly cause: 'closed' | 'stuck' | 'failed';
  readonly message: string;
}

/** Decodes the units of a queue, one after the other, and returns one frame per slot. */
export interface LiveDecoder {
  /** Decodes what is in the queue; call this after units were added. */
  pump(): void;
  close(): void;
  readonly ended: Promise<LiveDecoderEnd>;
}

const CHECK_MS = 500;
const STUCK = `ffmpeg returned no frame for ${DECODER_STUCK_MS} ms`;

/** Starts a decoder, which needs a queue that begins with a keyframe. */
export function startLiveDecoder(settings: LiveDecoderSettings, queue: UnitQueue): LiveDecoder {
  const { launcher, codec, output, now = Date.now, onFrame } = settings;
  const decoder = startDecoder(launcher, { kind: 'units' }, output);
  const watch = createDecoderWatch();
  const units = createUnitNotes();
  let end: LiveDecoderEnd | undefined;
  /** Start of the write that has not ended: a decoder that hangs reads nothing. */
  let writingSince = Infinity;

  const stop = (cause: LiveDecoderEnd['cause'], message: string) => {
    end ??= { cause, message };
    decoder.kill();
  };
  const pump = () => {
    const unit = end ? undefined : queue.next(now());
    if (!unit) return;
    units.add(unit);
    writingSince = performance.now();
    watch.unit(writingSince, slotAt(unit.arrival, output.fps).from);
    void decoder.write(liveCluster(unit)).then((isWritten) => {
      writingSince = Infinity;
      // Another decoder may have taken over the queue, or will.
      if (end || !isWritten) return;
      queue.release();
      pump();
    });
  };
  const read = async () => {
    for await (const frame of decoder.frames) {
      watch.frame(performance.now(), slotAt(frame.timeMs, output.fps).from);
      if (!end) onFrame(units.describe(frame));
    }
  };
  const timer = setInterval(() => {
    const time = performance.now();
    const isBlocked = time - writingSince > DECODER_STUCK_MS;
    if (isBlocked || watch.isStuck(time)) stop('stuck', STUCK);
  }, CHECK_MS);
  const reading = read().catch((error: unknown) => stop('failed', messageOf(error)));
  const ended = Promise.all([decoder.ended, reading]).then(([{ message }]) => {
    clearInterval(timer);
    end ??= { cause: 'failed', message };
    return end;
  });
  void decoder.write(matroskaHeader(codec)).then(pump);
  return { pump, close: () => stop('closed', 'the decoder was closed'), ended };
}

/** Units whose properties are kept for their frames: more than any decoder holds back. */
const NOTES_MAX = 1024;

const UNKNOWN_UNIT = { key: false, damaged: true, cameraTime: null } as const;

/** Keeps the properties of units until their frames are decoded. */
function createUnitNotes() {
  const notes = new Map<number, Pick<AccessUnit, 'key' | 'damaged' | 'cameraTime'>>();
  return {
    add({ arrival, key, damaged, cameraTime }: AccessUnit) {
      notes.delete(arrival);
      notes.set(arrival, { key, damaged, cameraTime });
      const [oldest] = notes.keys();
      if (notes.size > NOTES_MAX && oldest !== undefined) notes.delete(oldest);
    },
    describe({ timeMs, planes }: TimedPlanes): LiveFrame {
      return { arrival: timeMs, planes, ...(notes.get(timeMs) ?? UNKNOWN_UNIT) };
    },
  };
}
