import { pause, whenBack } from '../api/connection.js';
import { element } from '../dom.js';
import { errorState } from '../parts/states.js';
import { charts } from './charts.js';
import { type Filter, SHOW_ALL } from './filter.js';
import { confidenceSlider } from './filters.js';
import { frameGrid } from './frame-grid.js';
import type { FrameIndex } from './frame-index.js';
import { framePictures } from './frame-pictures.js';
import { player } from './player.js';
import { lengthMs, timeline } from './timeline.js';
import { describeVideoError } from './video-source.js';

export interface JobViewOptions {
  readonly eventId: string;
  /** Where the video is. */
  readonly address: string;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  readonly signal: AbortSignal;
}

export interface JobView {
  readonly root: HTMLElement;
  /** Shows frames that have come; many calls are one redraw. */
  readonly update: () => void;
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
}

/** Charts are drawn no more often than that while frames come. */
const REDRAW_MS = 250;

/** Pause before a video is asked for again whose connection broke. */
const RELOAD_MS = 1000;

/** Player, timeline, charts and grid, which share one filter. */
export function jobView(options: JobViewOptions): JobView {
  const { eventId, address, frames, colourOf, signal } = options;
  let filter: Filter = SHOW_ALL;
  let size: { readonly width: number; readonly height: number } | undefined;
  const view = player({ address, frames, colourOf, signal });
  const { video } = view;
  const change = (changes: Partial<Filter>) => {
    filter = { ...filter, ...changes };
    view.setFilter(filter);
    atOnce();
  };
  const lines = timeline({
    ...{ video, colourOf, signal, seek: view.seek },
    onHidden: (hiddenClasses) => change({ hiddenClasses }),
  });
  const graphs = charts(colourOf, signal);
  const grid = frameGrid({
    ...{ colourOf, pictures: framePictures(eventId, video) },
    frameSize: () => size ?? { width: video.videoWidth, height: video.videoHeight },
    onChosen: ({ timestampMs }) => {
      video.pause();
      view.seek(timestampMs);
      view.root.scrollIntoView({ block: 'nearest' });
    },
  });
  const draw = () => {
    if (signal.aborted) return;
    const entries = frames.entries();
    lines.update(entries, filter);
    graphs.update(entries, filter, lengthMs(video, entries));
    grid.update(entries, filter);
    view.redraw();
  };
  const update = throttled(draw, (work) => setTimeout(work, REDRAW_MS));
  const atOnce = throttled(draw, requestAnimationFrame);
  video.addEventListener('loadedmetadata', update, { signal });
  video.addEventListener('error', () => void explain().catch(() => undefined), { signal }); // left
  const explain = async () => {
    if (video.error?.code === MediaError.MEDIA_ERR_DECODE && video.duration > 0) {
      return view.passDamage();
    }
    const reason = await describeVideoError(eventId, signal);
    if (reason !== undefined) return view.root.replaceChildren(errorState(reason));
    await pause(RELOAD_MS, signal);
    await whenBack(signal);
    view.reload();
  };
  const slider = confidenceSlider((minConfidence) => change({ minConfidence }));
  const root = element(
    'div',
    { class: 'job-view' },
    element('div', { class: 'job-columns' }, view.root, graphs.root),
    card('Timeline', slider, lines.root),
    card('Frames', grid.root),
  );
  const setFrameSize = (next: { readonly width: number; readonly height: number }) => {
    size = next;
    view.setFrameSize(next);
  };
  return { root, update, setFrameSize };
}

function card(title: string, ...children: readonly HTMLElement[]): HTMLElement {
  return element('section', { class: 'card card-body' }, element('h2', {}, title), ...children);
}

/** Work that runs soon after it is asked for, and once for many times. */
function throttled(work: () => void, soon: (work: () => void) => unknown): () => void {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    soon(() => {
      waits = false;
      work();
    });
  };
}
