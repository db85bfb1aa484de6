import type { Size } from '../../domain/result/detection.js';
import { element } from '../dom.js';
import { createDamageHandler } from './damage.js';
import type { DrawEntry } from './draw-boxes.js';
import { type FrameIndex, seekTimeS } from './frame-index.js';
import { overlay } from './overlay.js';
import { playerTools } from './player-tools.js';
import { createFramePoster } from './frame-poster.js';
import { createVideoSlot, type VideoSlot } from './video-slot.js';
import { redrawWithSize, watchFrames } from './watch-video.js';

interface PlayerOptions {
  readonly frames: FrameIndex;
  readonly draw: DrawEntry;
  /** URL of a stored frame; missing if the job stores none. */
  readonly storedUrl: ((frame: number) => string) | undefined;
  /** Called when a stored frame is selected while the video is not available. */
  readonly onStoredFrame: () => void;
  readonly signal: AbortSignal;
}

export interface Player extends VideoSlot {
  readonly root: HTMLElement;
  /** Element with the video and what is drawn over it. */
  readonly stage: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Sets the frame size that box coordinates refer to; default: the size of the video. */
  readonly setFrameSize: (size: Size) => void;
  /** Redraws the boxes, after frames were added or are drawn in another way. */
  readonly redraw: () => void;
  /** Reloads the video and keeps its position. */
  readonly reload: () => void;
  /** Continues after a damaged part; if the video is paused, shows that it is damaged here. */
  readonly skipDamage: () => void;
  /** Shows a frame. @param timestampMs from the start */
  readonly seek: (timestampMs: number) => void;
  /** Shows a time as soon as the video is available, and its stored frame until then. */
  readonly startAt: (timeS: number) => void;
  /** Seconds from the start of what is shown. */
  readonly timeS: () => number;
}

/**
 * Player that draws the boxes of the frame on the screen while playing, paused and seeking. Shows
 * stored frames until it has a video.
 */
export function player(options: PlayerOptions): Player {
  const { frames, draw, storedUrl, onStoredFrame, signal } = options;
  const video = element('video', { playsinline: true, preload: 'auto' });
  video.muted = true;
  let frameSize: Size | undefined;
  const mediaSize = () => sizeOf(video) ?? poster.size() ?? frameSize;
  const boxes = overlay({
    ...{ video, frames, draw, mediaSize },
    isDamaged: () => damage.isActive(),
    isWaiting: () => slot.isWaiting(),
  });
  const stage = element('div', { class: 'player-stage' }, video, boxes.canvas);
  const redraw = () => {
    const size = mediaSize();
    if (size) stage.style.setProperty('--ratio', String(size.width / size.height));
    if (slot.isWaiting()) showPoster();
    boxes.redraw();
  };
  const poster = createFramePoster({ video, urlOf: storedUrl, onShown: redraw });
  const showPoster = () => {
    const entry = frames.at(boxes.shownMs()) ?? frames.entries()[0];
    if (!entry) return;
    if (boxes.shownMs() < entry.timestampMs) boxes.show(entry.timestampMs);
    poster.show(entry.frame);
  };
  const startAt = (timeS: number) => {
    slot.setStart(timeS);
    boxes.show(timeS * 1000);
    showPoster();
  };
  const seek = (timestampMs: number) => {
    if (!slot.isWaiting()) {
      video.currentTime = seekTimeS(timestampMs);
      return;
    }
    startAt(seekTimeS(timestampMs));
    onStoredFrame();
  };
  const damage = createDamageHandler({ video, stage, frames, seek, signal, onStopped: boxes.show });
  watchFrames(video, signal, (timeS) => {
    // A video that was reloaded reports its first frame.
    if (!damage.isActive() && !slot.isWaiting()) boxes.show(timeS * 1000);
  });
  redrawWithSize(video, redraw, signal);
  const step = (by: -1 | 1) => {
    const all = frames.entries();
    const isStopped = damage.isActive() || slot.isWaiting();
    const now = frames.at(isStopped ? boxes.shownMs() : video.currentTime * 1000);
    const next = all[(now ? all.indexOf(now) : -1) + by];
    if (next) seek(next.timestampMs);
  };
  const tools = playerTools({ video, stage, step, isWaiting: () => slot.isWaiting(), signal });
  const root = element('div', { class: 'player' }, stage);
  const slot = createVideoSlot({ video, root, onWaiting: redraw, onLoaded: poster.clear, signal });
  root.append(slot.notice, tools, boxes.caption);
  return {
    ...{ root, stage, video, redraw, seek, startAt, skipDamage: damage.skip },
    ...slot,
    timeS: () => (slot.isWaiting() ? slot.startS() : video.currentTime),
    reload: () => {
      const timeS = video.currentTime;
      video.load();
      video.currentTime = timeS;
    },
    setFrameSize: (size) => {
      frameSize = size;
      boxes.setFrameSize(size);
      redraw();
    },
  };
}

const sizeOf = ({ videoWidth, videoHeight }: HTMLVideoElement): Size | undefined =>
  videoWidth > 0 ? { width: videoWidth, height: videoHeight } : undefined;
