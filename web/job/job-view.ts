import { pause, waitUntilBack } from '../api/connection.js';
import { element } from '../dom.js';
import { errorState } from '../parts/states.js';
import { tabs } from '../parts/tabs.js';
import { throttle } from '../throttle.js';
import { charts } from './charts.js';
import { type Filter, SHOW_ALL } from './filter.js';
import { confidenceSlider } from './confidence-slider.js';
import { frameGrid } from './frame-grid.js';
import type { FrameIndex } from './frame-index.js';
import { createFrameImages } from './frame-images.js';
import type { Moment } from './moment.js';
import { player } from './player.js';
import { shareLink } from './share-link.js';
import { lengthMs, timeline } from './timeline.js';
import { describeVideoError } from './video-source.js';

interface JobViewOptions {
  readonly eventId: string;
  /** URL of the video. */
  readonly url: string;
  readonly frames: FrameIndex;
  readonly colourOf: (className: string) => string;
  /** Minimum confidence of the job's detections, 0 to 1. */
  readonly jobConfidence: number;
  /** Moment to show first. */
  readonly moment: Moment;
  readonly signal: AbortSignal;
}

export interface JobView {
  readonly root: HTMLElement;
  /** Element beside the video for key figures. */
  readonly side: HTMLElement;
  /** Shows newly added frames; redraws are throttled. */
  readonly update: () => void;
  readonly setFrameSize: (size: { readonly width: number; readonly height: number }) => void;
}

/** Minimum interval between redraws while frames arrive. */
const REDRAW_MS = 250;

/** Pause before a video whose connection broke is reloaded. */
const RELOAD_MS = 1000;

/** Player with the timeline below it, frame grid and charts, with a common filter. */
export function jobView(options: JobViewOptions): JobView {
  const { eventId, url, frames, colourOf, jobConfidence, moment, signal } = options;
  let filter: Filter = {
    ...{ ...SHOW_ALL, minConfidence: moment.minConfidence ?? jobConfidence },
    onlyClass: moment.className,
  };
  let size: { readonly width: number; readonly height: number } | undefined;
  const view = player({ url, frames, colourOf, signal });
  const { video } = view;
  view.setFilter(filter);
  if (moment.timeS !== undefined) showTime(video, moment.timeS, signal);
  const link = shareLink({
    eventId,
    video,
    signal,
    filter: () => linkFilter(filter, jobConfidence),
  });
  const change = (changes: Partial<Filter>) => {
    filter = { ...filter, ...changes };
    view.setFilter(filter);
    link.update();
    drawNextFrame();
  };
  const lines = timeline({
    ...{ video, colourOf, signal, seek: view.seek },
    onClasses: change,
  });
  const show = (timestampMs: number) => {
    video.pause();
    view.seek(timestampMs);
    view.root.scrollIntoView({ block: 'nearest' });
  };
  const graphs = charts({ colourOf, seek: show, signal });
  const grid = frameGrid({
    ...{ colourOf, images: createFrameImages(eventId, video) },
    frameSize: () => size ?? { width: video.videoWidth, height: video.videoHeight },
    onSelect: ({ timestampMs }) => show(timestampMs),
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
  const slider = confidenceSlider(filter.minConfidence, (minConfidence) =>
    change({ minConfidence }),
  );
  const side = element('div', {});
  const root = element(
    'div',
    { class: 'job-view' },
    element(
      'div',
      { class: 'job-columns' },
      element('section', { class: 'player-card', 'aria-label': 'Video' }, view.root, lines.root),
      element('aside', { class: 'card card-body job-side' }, side, slider, link.root),
    ),
    tabs('Frames and charts', [
      { title: 'Frames', content: grid.root },
      { title: 'Charts', content: graphs.root },
    ]),
  );
  const setFrameSize = (next: { readonly width: number; readonly height: number }) => {
    size = next;
    view.setFrameSize(next);
  };
  return { root, side, update, setFrameSize };
}

/** Filter of a link: what differs from the page of the job without a moment. */
function linkFilter({ minConfidence, onlyClass }: Filter, jobConfidence: number): Moment {
  return {
    className: onlyClass,
    ...(minConfidence !== jobConfidence && { minConfidence }),
  };
}

/** Shows a time of the video once its length is known. */
function showTime(video: HTMLVideoElement, timeS: number, signal: AbortSignal): void {
  const seek = () => (video.currentTime = timeS);
  video.addEventListener('loadedmetadata', seek, { once: true, signal });
}
