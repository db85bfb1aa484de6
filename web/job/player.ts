import { element } from '../dom.js';
import { damageOf } from './damage.js';
import type { Filter } from './filter.js';
import { type FrameIndex, TOLERANCE_MS } from './frame-index.js';
import { overlay } from './overlay.js';
import { playerTools } from './player-tools.js';

export interface PlayerOptions {
  readonly address: string;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  readonly signal: AbortSignal;
}

export interface Player {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Size of a frame in the pixels that boxes are in; without it, that of the video. */
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
  readonly setFilter: (filter: Filter) => void;
  /** Draws again what is shown, after more frames have come. */
  readonly redraw: () => void;
  /** Asks for the video again, and stands where it was. */
  readonly reload: () => void;
  /** Goes on after a part that could not be decoded; where the video stands, says so. */
  readonly passDamage: () => void;
  /** Shows a frame. @param timestampMs from the start. */
  readonly seek: (timestampMs: number) => void;
}

/** A seek to the very time of a frame may show the one before. */
const INTO_FRAME_MS = 1;

/** A video with the boxes of the frame that is on the screen, whether it plays, stands or seeks. */
export function player({ address, frames, colourOf, signal }: PlayerOptions): Player {
  const video = element('video', { src: address, playsinline: true, preload: 'auto' });
  video.muted = true;
  const boxes = overlay({ video, frames, colourOf, isDamaged: () => damage.isHere() });
  const stage = element('div', { class: 'player-stage' }, video, boxes.canvas);
  const redraw = () => {
    const { videoWidth, videoHeight } = video;
    if (videoWidth > 0) stage.style.setProperty('--ratio', String(videoWidth / videoHeight));
    boxes.redraw();
  };
  const seek = (timestampMs: number) => {
    video.currentTime = (timestampMs + INTO_FRAME_MS) / 1000;
  };
  const damage = damageOf({ video, stage, frames, seek, signal, onStanding: boxes.show });
  followFrames(video, signal, (timeS) => {
    if (damage.isHere()) return; // it was loaded anew, and stands at its beginning
    boxes.show(timeS * 1000);
  });
  redrawWithSize(video, redraw, signal);
  const step = (by: -1 | 1) => {
    const all = frames.entries();
    const now = frames.at(damage.isHere() ? boxes.shownMs() : video.currentTime * 1000);
    const next = all[(now ? all.indexOf(now) : -1) + by];
    if (next) seek(next.timestampMs);
  };
  const tools = playerTools({ video, stage, step, signal });
  return {
    ...{ video, redraw, seek, passDamage: damage.pass },
    root: element('div', { class: 'player' }, stage, tools, boxes.caption),
    reload: () => {
      const timeS = video.currentTime;
      video.load();
      video.currentTime = timeS;
    },
    setFrameSize: boxes.setFrameSize,
    setFilter: boxes.setFilter,
  };
}

/** Draws again when the size of the video changes; ends its download with the signal. */
function redrawWithSize(video: HTMLVideoElement, redraw: () => void, signal: AbortSignal): void {
  const resized = new ResizeObserver(redraw);
  resized.observe(video);
  video.addEventListener('loadedmetadata', redraw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    video.removeAttribute('src');
    video.load(); // ends the download
  });
}

/** Tells the time of each frame when it comes to the screen. */
function followFrames(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onFrame: (timeS: number) => void,
): void {
  // A browser may not tell of a frame that comes while it tells of another one; where the video
  // stands that frame would be the last one for long.
  const onStanding = () => {
    if (video.paused) onFrame(video.currentTime - TOLERANCE_MS / 1000);
  };
  video.addEventListener('seeked', onStanding, { signal });
  video.addEventListener('loadeddata', onStanding, { signal });
  const next = () =>
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (signal.aborted) return;
      onFrame(mediaTime);
      next();
    });
  next();
}
