import type { FrameIndex } from './frame-index.js';

export interface DamageOptions {
  readonly video: HTMLVideoElement;
  readonly stage: HTMLElement;
  readonly frames: FrameIndex;
  readonly seek: (timestampMs: number) => void;
  /** Told where the video stands in a part that cannot be decoded, in ms. */
  readonly onStanding: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

export interface Damage {
  /** Whether the video stands in a part that could not be decoded. */
  readonly isHere: () => boolean;
  /** Goes on after a part that could not be decoded; where the video stands, it stays there. */
  readonly pass: () => void;
}

/** What a player does about parts that a browser cannot decode: it gives up the whole video by itself. */
export function damageOf(options: DamageOptions): Damage {
  const { video, stage, frames, seek, onStanding, signal } = options;
  let standsAtMs: number | undefined;
  const setPlace = (atMs: number | undefined) => {
    standsAtMs = atMs;
    stage.classList.toggle('is-damaged', atMs !== undefined);
  };
  const goodAfter = (timestampMs: number) =>
    frames.entries().find((entry) => entry.timestampMs > timestampMs && entry.reason === undefined);
  const pass = () => {
    const atMs = video.currentTime * 1000;
    const next = video.paused ? undefined : goodAfter(atMs);
    video.load(); // one that met an error does nothing more
    if (next) {
      seek(next.timestampMs);
      return void video.play();
    }
    setPlace(atMs);
    onStanding(atMs);
  };
  const onPlay = () => {
    const next = standsAtMs === undefined ? undefined : goodAfter(standsAtMs);
    if (next) seek(next.timestampMs);
  };
  video.addEventListener('seeking', () => setPlace(undefined), { signal });
  video.addEventListener('play', onPlay, { signal });
  return { isHere: () => standsAtMs !== undefined, pass };
}
