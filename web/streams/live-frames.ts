import { streamUrl } from '../api/streams.js';
import { request } from '../api/request.js';
import type { StreamRow } from '../../api/types.js';
import { createFrameGate } from './frame-gate.js';
import type { LiveMedia } from './live-video.js';
import { type LivePart, readParts } from './multipart.js';

/** Time without a first frame after which frames are not available. */
const START_MS = 6000;

/** Error of a browser that cannot decode frames as fast as they arrive. */
export class TooSlowError extends Error {}

interface LiveFrames extends LiveMedia<HTMLCanvasElement> {
  /** Called with each row when it is made, before it is stored. */
  readonly onRow: (row: StreamRow) => void;
}

/**
 * Shows the frames of a camera as soon as they are decoded, until they end.
 * @throws Error if the browser cannot decode them; {@link TooSlowError} if it is too slow for that;
 * RequestError if the API has none
 */
export async function playLiveFrames(
  uuid: string,
  { target: canvas, onFrame, onRow, signal }: LiveFrames,
): Promise<void> {
  if (!('VideoDecoder' in window)) throw new Error('This browser does not decode single frames.');
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const limit = setTimeout(() => stop.abort(), START_MS);
  const screen = createScreen(canvas, (timestampMs) => {
    clearTimeout(limit);
    onFrame(timestampMs);
  });
  const gate = createFrameGate();
  const onDecoded = (frame: VideoFrame) => {
    gate.decoded();
    screen.show(frame);
  };
  let opened: OpenDecoder | undefined;
  let failure: Error | undefined;
  const onError = (error: Error) => {
    failure = error;
    stop.abort();
  };
  try {
    const response = await request(streamUrl(uuid, 'live.frames'), { signal: either });
    for await (const part of readParts(response)) {
      if (part.type === 'application/json') {
        onRow(JSON.parse(new TextDecoder().decode(part.data)) as StreamRow); // of the API
        continue;
      }
      opened ??= await openDecoder(part, onDecoded, onError);
      const action = gate.next(part.isKey, performance.now());
      if (gate.isTooSlow) throw new TooSlowError('This browser is too slow for the video.');
      if (action === 'skip') continue;
      const { decoder, config } = opened;
      if (action === 'restart') {
        decoder.reset();
        decoder.configure(config);
      }
      decoder.decode(chunkOf(part));
    }
  } catch (error) {
    throw failure ?? error;
  } finally {
    clearTimeout(limit);
    stop.abort();
    screen.close();
    if (opened && opened.decoder.state !== 'closed') opened.decoder.close();
  }
}

interface OpenDecoder {
  readonly decoder: VideoDecoder;
  readonly config: VideoDecoderConfig;
}

async function openDecoder(
  { type }: LivePart,
  output: (frame: VideoFrame) => void,
  error: (error: Error) => void,
): Promise<OpenDecoder> {
  const codec = /codecs="(.+?)"/.exec(type)?.[1] ?? '';
  const config = { codec, optimizeForLatency: true };
  const { supported } = await VideoDecoder.isConfigSupported(config);
  if (!supported) throw new Error(`This browser cannot decode ${codec}.`);
  const decoder = new VideoDecoder({ output, error });
  decoder.configure(config);
  return { decoder, config };
}

function chunkOf({ timestampMs, data, isKey }: LivePart): EncodedVideoChunk {
  // In whole microseconds.
  return new EncodedVideoChunk({
    ...{ type: isKey ? 'key' : 'delta', timestamp: timestampMs * 1000, data },
  });
}

interface Screen {
  readonly show: (frame: VideoFrame) => void;
  readonly close: () => void;
}

/** Draws the newest frame at the next refresh of the screen. */
function createScreen(canvas: HTMLCanvasElement, onShown: (timestampMs: number) => void): Screen {
  let waiting: VideoFrame | undefined;
  let isClosed = false;
  const draw = () => {
    const frame = waiting;
    waiting = undefined;
    if (!frame) return;
    if (!isClosed) {
      if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth;
      if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight;
      canvas.getContext('2d')?.drawImage(frame, 0, 0);
      onShown(frame.timestamp / 1000);
    }
    frame.close();
  };
  return {
    show(frame) {
      if (waiting) waiting.close();
      else requestAnimationFrame(draw);
      waiting = frame;
    },
    close() {
      isClosed = true;
    },
  };
}
