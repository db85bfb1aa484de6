import { element } from '../dom.js';
import { createDamageHandler } from './damage.js';
import type { Filter } from './filter.js';
import { type FrameIndex, seekTimeS, TOLERANCE_MS } from './frame-index.js';
import { overlay } from './overlay.js';
import { playerTools } from './player-tools.js';

interface PlayerOptions {
  readonly url: string;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  readonly signal: AbortSignal;
}

export interface Player {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Sets the frame size that box coordinates refer to; default: the size of the video. */
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
  readonly setFilter: (filter: Filter) => void;
  /** Redraws the boxes, after frames were added. */
  readonly redraw: () => void;
  /** Reloads the video and keeps its position. */
  readonly reload: () => void;
  /** Continues after a damaged part; if the video is paused, shows that it is damaged here. */
  readonly skipDamage: () => void;
  /** Shows a frame. @param timestampMs from the start */
  readonly seek: (timestampMs: number) => void;
}

/** Video player that draws the boxes of the frame on the screen while playing, paused and seeking. */
export function player({ url, frames, colourOf, signal }: PlayerOptions): Player {
  const video = element('video', { src: url, playsinline: true, preload: 'auto' });
  video.muted = true;
  const boxes = overlay({ video, frames, colourOf, isDamaged: () => damage.isActive() });
  const stage = element('div', { class: 'player-stage' }, video, boxes.canvas);
  const redraw = () => {
    const { videoWidth, videoHeight } = video;
    if (videoWidth > 0) stage.style.setProperty('--ratio', String(videoWidth / videoHeight));
    boxes.redraw();
  };
  const seek = (timestampMs: number) => {
    video.currentTime = seekTimeS(timestampMs);
  };
  const damage = createDamageHandler({ video, stage, frames, seek, signal, onStopped: boxes.show });
  watchFrames(video, signal, (timeS) => {
    if (damage.isActive()) return; // the video was reloaded and reports its first frame
    boxes.show(timeS * 1000);
  });
  redrawWithSize(video, redraw, signal);
  const step = (by: -1 | 1) => {
    const all = frames.entries();
    const now = frames.at(damage.isActive() ? boxes.shownMs() : video.currentTime * 1000);
    const next = all[(now ? all.indexOf(now) : -1) + by];
    if (next) seek(next.timestampMs);
  };
  const tools = playerTools({ video, stage, step, signal });
  return {
    ...{ video, redraw, seek, skipDamage: damage.skip },
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

/** Redraws when the size of the video changes; stops its download when the signal aborts. */
function redrawWithSize(video: HTMLVideoElement, redraw: () => void, signal: AbortSignal): void {
  const resized = new ResizeObserver(redraw);
  resized.observe(video);
  video.addEventListener('loadedmetadata', redraw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    video.removeAttribute('src');
    video.load(); // stops the download
  });
}

/** Calls `onFrame` with the time of each frame that is presented. */
function watchFrames(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onFrame: (timeS: number) => void,
): void {
  // A browser may omit the callback for a frame presented during another callback. While paused, no
  // later frame would correct that.
  const onStopped = () => {
    if (video.paused) onFrame(video.currentTime - TOLERANCE_MS / 1000);
  };
  video.addEventListener('seeked', onStopped, { signal });
  video.addEventListener('loadeddata', onStopped, { signal });
  const next = () =>
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (signal.aborted) return;
      onFrame(mediaTime);
      next();
    });
  next();
}
