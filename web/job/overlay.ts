import { element, fill } from '../dom.js';
import { clock } from '../format.js';
import { drawBoxes } from './draw-boxes.js';
import { type Filter, SHOW_ALL, shownObjects } from './filter.js';
import type { FrameEntry, FrameIndex } from './frame-index.js';

export interface OverlayOptions {
  readonly video: HTMLVideoElement;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  /** Whether the video shows nothing where it stands, because it is damaged there. */
  readonly isDamaged: () => boolean;
}

export interface Overlay {
  readonly canvas: HTMLCanvasElement;
  /** Says which moment and which frame are shown. */
  readonly caption: HTMLElement;
  /** The moment that is shown, in milliseconds from the start. */
  readonly shownMs: () => number;
  readonly show: (timestampMs: number) => void;
  readonly redraw: () => void;
  /** Size of a frame in the pixels that boxes are in; without it, that of the video. */
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
  readonly setFilter: (filter: Filter) => void;
}

/** The boxes over a video, of the sampled frame at the moment that is shown. */
export function overlay({ video, frames, colourOf, isDamaged }: OverlayOptions): Overlay {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const caption = element('p', { class: 'player-caption' });
  const shown = {
    ms: 0,
    filter: SHOW_ALL,
    size: undefined as { readonly width: number; readonly height: number } | undefined,
  };
  const redraw = () => {
    const { videoWidth: width, videoHeight: height } = video;
    const context = canvas.getContext('2d');
    if (!context || (width === 0 && !isDamaged())) return;
    const density = fit(canvas, video);
    const size = shown.size ?? { width, height };
    const scale = [canvas.width / size.width, canvas.height / size.height] as const;
    const entry = frames.at(shown.ms);
    const objects = entry && !isDamaged() ? shownObjects(entry, shown.filter) : [];
    drawBoxes(context, objects, { scale, density, colourOf });
    canvas.dataset['frame'] = String(entry?.frame ?? '');
    canvas.dataset['timeMs'] = shown.ms.toFixed(1);
    fill(caption, captionOf(entry, shown.ms, isDamaged()));
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
    setFilter: (filter) => set({ filter }),
  };
}

/** Gives a canvas the pixels of the screen that a video has, and tells how many a CSS pixel has. */
function fit(canvas: HTMLCanvasElement, { clientWidth, clientHeight }: HTMLVideoElement): number {
  const density = devicePixelRatio;
  canvas.width = Math.round(clientWidth * density);
  canvas.height = Math.round(clientHeight * density);
  return density;
}

function captionOf(entry: FrameEntry | undefined, shownMs: number, isDamaged: boolean): string {
  const time = clock(shownMs / 1000);
  if (isDamaged && entry?.reason === undefined) return `${time}, the video is damaged here`;
  if (!entry) return `${time}, no frame yet`;
  if (entry.reason !== undefined)
    return `${time}, frame ${entry.frame} was skipped: ${entry.reason}`;
  return `${time}, objects of frame ${entry.frame}`;
}
