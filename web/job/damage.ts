import type { FrameIndex } from './frame-index.js';

interface DamageOptions {
  readonly video: HTMLVideoElement;
  readonly stage: HTMLElement;
  readonly frames: FrameIndex;
  readonly seek: (timestampMs: number) => void;
  /** Called with the position, in ms, at which the video stopped in a damaged part. */
  readonly onStopped: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

interface DamageHandler {
  /** Whether the video is stopped in a damaged part. */
  readonly isActive: () => boolean;
  /** Continues after a damaged part; if the video is paused, it stays there. */
  readonly skip: () => void;
}

/** Handles parts that the browser cannot decode: without it, one such part ends playback. */
export function createDamageHandler(options: DamageOptions): DamageHandler {
  const { video, stage, frames, seek, onStopped, signal } = options;
  let stoppedAtMs: number | undefined;
  const setStopped = (atMs: number | undefined) => {
    stoppedAtMs = atMs;
    stage.classList.toggle('is-damaged', atMs !== undefined);
  };
  const findGoodAfter = (timestampMs: number) =>
    frames.entries().find((entry) => entry.timestampMs > timestampMs && entry.reason === undefined);
  const skip = () => {
    const atMs = video.currentTime * 1000;
    const next = video.paused ? undefined : findGoodAfter(atMs);
    video.load(); // an element in the error state ignores seeks
    if (next) {
      seek(next.timestampMs);
      return void video.play();
    }
    setStopped(atMs);
    onStopped(atMs);
  };
  const onPlay = () => {
    const next = stoppedAtMs === undefined ? undefined : findGoodAfter(stoppedAtMs);
    if (next) seek(next.timestampMs);
  };
  video.addEventListener('seeking', () => setStopped(undefined), { signal });
  video.addEventListener('play', onPlay, { signal });
  return { isActive: () => stoppedAtMs !== undefined, skip };
}
