import { streamUrl } from '../api/streams.js';
import { request } from '../api/request.js';

/** Time without a first frame after which video is not available. */
const START_MS = 9000;
/** Distance from the newest frame from which playback jumps to it, and the distance after that. */
const FAR_S = 8;
const NEAR_S = 2.5;
/** Length of video that is kept behind the frame shown. */
const KEPT_S = 20;

export interface LiveMedia<Target extends HTMLElement> {
  readonly target: Target;
  /** Called with each frame and its time, in ms since 1970. */
  readonly onFrame: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays the live video of a camera until it ends.
 * @throws Error if the browser cannot play it; RequestError if the API has none
 */
export async function playLiveVideo(
  uuid: string,
  { target: video, onFrame, signal }: LiveMedia<HTMLVideoElement>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const limit = setTimeout(() => stop.abort(), START_MS);
  try {
    const response = await request(streamUrl(uuid, 'live.mp4'), { signal: either });
    const type = response.headers.get('content-type') ?? '';
    const start = Date.parse(response.headers.get('x-start-time') ?? '');
    if (!response.body || !canPlay(type)) throw new Error('This browser cannot play the video.');
    watchShown(video, either, (timeS) => {
      clearTimeout(limit);
      onFrame(start + timeS * 1000);
    });
    await append(video, type, response.body, either);
  } finally {
    clearTimeout(limit);
    stop.abort();
    video.removeAttribute('src');
    video.load(); // releases the media source
  }
}

const canPlay = (type: string) => 'MediaSource' in window && MediaSource.isTypeSupported(type);

/** Calls back with the time of each frame that is presented. */
function watchShown(video: HTMLVideoElement, signal: AbortSignal, onShown: (s: number) => void) {
  const next = () =>
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (signal.aborted) return;
      onShown(mediaTime);
      next();
    });
  next();
}

/** Appends fragments as they arrive, and stays near the newest one. */
async function append(
  video: HTMLVideoElement,
  type: string,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): Promise<void> {
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  video.src = url;
  await once(source, 'sourceopen', signal);
  URL.revokeObjectURL(url);
  const buffer = source.addSourceBuffer(type);
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      buffer.appendBuffer(value);
      await once(buffer, 'updateend', signal);
      followEnd(video);
      await forgetPast(video, buffer, signal);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection broke
  }
}

function followEnd(video: HTMLVideoElement): void {
  const { buffered, currentTime } = video;
  if (buffered.length === 0) return;
  const end = buffered.end(buffered.length - 1);
  const start = buffered.start(0);
  if (end - currentTime > FAR_S || currentTime < start) {
    video.currentTime = Math.max(start, end - NEAR_S);
  }
  if (video.paused) void video.play().catch(() => undefined); // the page was left
}

async function forgetPast(video: HTMLVideoElement, buffer: SourceBuffer, signal: AbortSignal) {
  const end = video.currentTime - KEPT_S;
  if (buffer.buffered.length === 0 || buffer.buffered.start(0) >= end - KEPT_S) return;
  buffer.remove(0, end);
  await once(buffer, 'updateend', signal);
}

function once(target: EventTarget, name: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    target.addEventListener(name, () => resolve(), { once: true, signal });
    target.addEventListener('error', () => reject(new Error('The video is damaged.')), { signal });
    signal.addEventListener('abort', () => reject(new DOMException('Stopped.', 'AbortError')), {
      once: true,
    });
  });
}
