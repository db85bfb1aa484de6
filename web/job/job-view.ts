import { pause, waitUntilBack } from '../api/connection.js';
import { element } from '../dom.js';
import { card } from '../parts/card.js';
import { errorState } from '../parts/states.js';
import { charts } from './charts.js';
import { type Filter, SHOW_ALL } from './filter.js';
import { confidenceSlider } from './confidence-slider.js';
import { frameGrid } from './frame-grid.js';
import type { FrameIndex } from './frame-index.js';
import { createFrameImages } from './frame-images.js';
import { player } from './player.js';
import { lengthMs, timeline } from './timeline.js';
import { describeVideoError } from './video-source.js';

interface JobViewOptions {
  readonly eventId: string;
  /** URL of the video. */
  readonly url: string;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  readonly signal: AbortSignal;
}

export interface JobView {
  readonly root: HTMLElement;
  /** Shows newly added frames; redraws are throttled. */
  readonly update: () => void;
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
}

/** Minimum interval between redraws while frames arrive. */
const REDRAW_MS = 250;

/** Pause before a video whose connection broke is reloaded. */
const RELOAD_MS = 1000;

/** Player, timeline, charts and frame grid with a common filter. */
export function jobView(options: JobViewOptions): JobView {
  const { eventId, url, frames, colourOf, signal } = options;
  let filter: Filter = SHOW_ALL;
  let size: { readonly width: number; readonly height: number } | undefined;
  const view = player({ url, frames, colourOf, signal });
  const { video } = view;
  const change = (changes: Partial<Filter>) => {
    filter = { ...filter, ...changes };
    view.setFilter(filter);
    drawNextFrame();
  };
  const lines = timeline({
    ...{ video, colourOf, signal, seek: view.seek },
    onHidden: (hiddenClasses) => change({ hiddenClasses }),
  });
  const graphs = charts(colourOf, signal);
  const grid = frameGrid({
    ...{ colourOf, images: createFrameImages(eventId, video) },
    frameSize: () => size ?? { width: video.videoWidth, height: video.videoHeight },
    onSelect: ({ timestampMs }) => {
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
  const update = throttle(draw, (work) => setTimeout(work, REDRAW_MS));
  const drawNextFrame = throttle(draw, requestAnimationFrame);
  video.addEventListener('loadedmetadata', update, { signal });
  video.addEventListener('error', () => void explain().catch(() => undefined), { signal }); // aborted
  const explain = async () => {
    if (video.error?.code === MediaError.MEDIA_ERR_DECODE && video.duration > 0) {
      return view.skipDamage();
    }
    const reason = await describeVideoError(eventId, signal);
    if (reason !== undefined) return view.root.replaceChildren(errorState(reason));
    await pause(RELOAD_MS, signal);
    await waitUntilBack(signal);
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

/** Combines many calls into one that `schedule` runs later. */
function throttle(work: () => void, schedule: (work: () => void) => unknown): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      work();
    });
  };
}
