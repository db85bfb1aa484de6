import type { Size } from '../../domain/result/detection.js';
import { element, fill } from '../dom.js';
import { formatClock } from '../format.js';
import type { DrawEntry } from './draw-boxes.js';
import type { FrameEntry, FrameIndex } from './frame-index.js';

interface OverlayOptions {
  readonly video: HTMLVideoElement;
  readonly frames: FrameIndex;
  readonly draw: DrawEntry;
  /** Size of the video, or of the frame that is shown in its place; undefined while it is unknown. */
  readonly mediaSize: () => Size | undefined;
  /** Whether the video is stopped in a damaged part and shows no frame. */
  readonly isDamaged: () => boolean;
  /** Whether the video is not available yet. */
  readonly isWaiting: () => boolean;
}

export interface Overlay {
  readonly canvas: HTMLCanvasElement;
  /** Text with the time and frame shown. */
  readonly caption: HTMLElement;
  /** Time shown, in milliseconds from the start. */
  readonly shownMs: () => number;
  readonly show: (timestampMs: number) => void;
  readonly redraw: () => void;
  /** Sets the frame size that box coordinates refer to; default: the size of the video. */
  readonly setFrameSize: (size: Size) => void;
}

/** Canvas over a video with the boxes of the last sampled frame at the time shown. */
export function overlay(options: OverlayOptions): Overlay {
  const { video, frames, draw, mediaSize, isDamaged, isWaiting } = options;
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const caption = element('p', { class: 'player-caption' });
  const shown = {
    ms: 0,
    size: undefined as Size | undefined,
  };
  const redraw = () => {
    const media = mediaSize();
    const context = canvas.getContext('2d');
    if (!context || (!media && !isDamaged() && !isWaiting())) return;
    const density = fitCanvas(canvas, video);
    const size = shown.size ?? media;
    const entry = frames.at(shown.ms);
    if (entry && size && !isDamaged()) {
      const scale = [canvas.width / size.width, canvas.height / size.height] as const;
      draw(context, entry, { scale, density });
    }
    canvas.dataset['frame'] = String(entry?.frame ?? '');
    canvas.dataset['timeMs'] = shown.ms.toFixed(1);
    fill(caption, describeFrame(entry, shown.ms, isDamaged()));
  };
  const set = (change: Partial<typeof shown>) => {
    Object.assign(shown, change);
    redraw();
  };
  return {
    ...{ canvas, caption, redraw },
    shownMs: () => shown.ms,
    show: (ms) => set({ ms }),
    setFrameSize: (size) => set({ size }),
  };
}

/** Fits a canvas to the device pixels of a video. @returns device pixels per CSS pixel */
function fitCanvas(
  canvas: HTMLCanvasElement,
  { clientWidth, clientHeight }: HTMLVideoElement,
): number {
  const density = devicePixelRatio;
  canvas.width = Math.round(clientWidth * density);
  canvas.height = Math.round(clientHeight * density);
  return density;
}

function describeFrame(entry: FrameEntry | undefined, shownMs: number, isDamaged: boolean): string {
  const time = formatClock(shownMs / 1000);
  if (isDamaged && entry?.reason === undefined) return `${time}, the video is damaged here`;
  if (!entry) return `${time}, no frame yet`;
  if (entry.reason !== undefined)
    return `${time}, frame ${entry.frame} was skipped: ${entry.reason}`;
  return `${time}, detections of frame ${entry.frame}`;
}
