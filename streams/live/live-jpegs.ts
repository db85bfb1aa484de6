import { startLiveDecoder, type LiveDecoder } from '../../adapters/camera/live-decoder.js';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { createSlotStamper } from '../../domain/stream/slot-stamper.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import type { UnitSource } from '../units.js';

/** An image of a live view. */
export interface LiveJpeg {
  /** Arrival of its frame, in ms since 1970: the timestamp of its row. */
  readonly arrival: number;
  readonly jpeg: Buffer;
}

export interface LiveJpegsOptions {
  /** Path of the script that fences ffmpeg in. */
  readonly launcher: string;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
  /** Images per second. */
  readonly fps: number;
  /** Ends the view. */
  readonly signal: AbortSignal;
}

/** Width of the images that are decoded; those of smaller frames have their width. */
const WIDTH = 640;
const MAX_LAG_MS = 1000;

/**
 * Returns the images of a camera, the newest one when the viewer is ready for it. JPEGs of the camera
 * are returned as they are. A decoder runs only while the view is open.
 */
export async function* liveJpegs(
  source: UnitSource,
  options: LiveJpegsOptions,
): AsyncGenerator<LiveJpeg, void, undefined> {
  const { signal } = options;
  let newest: LiveJpeg | undefined;
  let wake = () => {};
  const onJpeg = (jpeg: LiveJpeg) => {
    newest = jpeg;
    wake();
  };
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  const stop = followJpegs(source, options, onJpeg);
  try {
    for (;;) {
      if (!newest && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted || !newest) return;
      const jpeg = newest;
      newest = undefined;
      yield jpeg;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop();
  }
}

/** Calls back with each image; returns a function that ends this. */
function followJpegs(
  source: UnitSource,
  options: LiveJpegsOptions,
  onJpeg: (jpeg: LiveJpeg) => void,
): () => void {
  const stamper = createSlotStamper(options.fps);
  const decoding = createDecoding(source, options, onJpeg);
  const stop = source.follow(Date.now(), (unit) => {
    if (unit.codec !== 'mjpeg') decoding.add(unit, unit.codec);
    else if (stamper.fill(unit.arrival)) onJpeg({ arrival: unit.arrival, jpeg: unit.data });
  });
  return () => {
    stop();
    decoding.close();
  };
}

/** Decodes units with one decoder at a time, which starts again with a keyframe when it has ended. */
function createDecoding(
  source: UnitSource,
  { launcher, maxPixels, fps }: LiveJpegsOptions,
  onJpeg: (jpeg: LiveJpeg) => void,
) {
  const queue = createUnitQueue({ maxLagMs: () => MAX_LAG_MS, onDrop: () => undefined });
  let running: { readonly codec: NalCodec; readonly decoder: LiveDecoder } | undefined;

  const start = (codec: NalCodec, size: Size) => {
    const output = { fps, size: fitWidth(size), maxPixels, format: 'jpeg' } as const;
    const decoder = startLiveDecoder(
      {
        ...{ launcher, codec, output },
        onFrame: ({ arrival, planes }) => onJpeg({ arrival, jpeg: planes }),
      },
      queue,
    );
    void decoder.ended.then(() => {
      if (running?.decoder === decoder) close();
    });
    return { codec, decoder };
  };
  const close = () => {
    running?.decoder.close();
    running = undefined;
    queue.clear();
  };
  return {
    close,
    add(unit: AccessUnit, codec: NalCodec) {
      if (running && running.codec !== codec) close();
      // Units from before the view are not old: they are needed to decode the first image.
      queue.push(unit, Date.now());
      const size = source.size();
      if (unit.key && size) running ??= start(codec, size);
      running?.decoder.pump();
    },
  };
}

/** Size of a frame at the width of the view; even, as JPEG with 4:2:0 requires. */
function fitWidth({ width, height }: Size): Size {
  const fitted = Math.min(WIDTH, width);
  const even = (length: number) => Math.max(2, 2 * Math.round(length / 2));
  return { width: even(fitted), height: even((height * fitted) / width) };
}
