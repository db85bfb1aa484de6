import { element, fill } from '../dom.js';
import { clock } from '../format.js';
import { damageOf } from './damage.js';
import { drawBoxes } from './draw-boxes.js';
import { type Filter, SHOW_ALL, shownObjects } from './filter.js';
import { type FrameEntry, type FrameIndex, TOLERANCE_MS } from './frame-index.js';
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
  const video = element('video', {
    src: address,
    playsinline: true,
    preload: 'auto',
  });
  video.muted = true;
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const stage = element('div', { class: 'player-stage' }, video, canvas);
  const caption = element('p', { class: 'player-caption' });
  let filter = SHOW_ALL;
  let frameSize: { readonly width: number; readonly height: number } | undefined;
  let shownMs = 0;

  const redraw = () => {
    const { videoWidth, videoHeight } = video;
    const isDamaged = damage.isHere();
    if (videoWidth === 0 && !isDamaged) return;
    if (videoWidth > 0) stage.style.setProperty('--ratio', String(videoWidth / videoHeight));
    const density = devicePixelRatio;
    canvas.width = Math.round(video.clientWidth * density);
    canvas.height = Math.round(video.clientHeight * density);
    const size = frameSize ?? { width: videoWidth, height: videoHeight };
    const entry = frames.at(shownMs);
    const context = canvas.getContext('2d');
    if (!context) return;
    const scale = [canvas.width / size.width, canvas.height / size.height] as const;
    const objects = entry && !isDamaged ? shownObjects(entry, filter) : [];
    drawBoxes(context, objects, { scale, density, colourOf });
    canvas.dataset['frame'] = String(entry?.frame ?? '');
    canvas.dataset['timeMs'] = shownMs.toFixed(1);
    fill(caption, captionOf(entry, shownMs, isDamaged));
  };
  followFrames(video, signal, (timeS) => {
    if (damage.isHere()) return; // it was loaded anew, and stands at its beginning
    shownMs = timeS * 1000;
    redraw();
  });
  const resized = new ResizeObserver(redraw);
  resized.observe(video);
  signal.addEventListener('abort', () => {
    resized.disconnect();
    video.removeAttribute('src');
    video.load(); // ends the download
  });
  const seek = (timestampMs: number) => {
    video.currentTime = (timestampMs + INTO_FRAME_MS) / 1000;
  };
  const damage = damageOf({
    ...{ video, stage, frames, seek, signal },
    onStanding: (timestampMs) => {
      shownMs = timestampMs;
      redraw();
    },
  });
  const reload = () => {
    const timeS = video.currentTime;
    video.load();
    video.currentTime = timeS;
  };
  const step = (by: -1 | 1) => {
    const all = frames.entries();
    const now = frames.at(damage.isHere() ? shownMs : video.currentTime * 1000);
    const next = all[(now ? all.indexOf(now) : -1) + by];
    if (next) seek(next.timestampMs);
  };
  return {
    ...{ video, redraw, seek, reload, passDamage: damage.pass },
    root: element(
      'div',
      { class: 'player' },
      stage,
      playerTools({ video, stage, step, signal }),
      caption,
    ),
    setFrameSize: (size) => {
      frameSize = size;
      redraw();
    },
    setFilter: (next) => {
      filter = next;
      redraw();
    },
  };
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

function captionOf(entry: FrameEntry | undefined, shownMs: number, isDamaged: boolean): string {
  const time = clock(shownMs / 1000);
  if (isDamaged && entry?.reason === undefined) return `${time}, the video is damaged here`;
  if (!entry) return `${time}, no frame yet`;
  if (entry.reason !== undefined)
    return `${time}, frame ${entry.frame} was skipped: ${entry.reason}`;
  return `${time}, objects of frame ${entry.frame}`;
}
