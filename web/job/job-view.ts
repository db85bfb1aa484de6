import type { Size } from '../../domain/result/detection.js';
import { jobUrl } from '../api/jobs.js';
import { element } from '../dom.js';
import { pluralize } from '../format.js';
import { tabs } from '../parts/tabs.js';
import { throttle } from '../throttle.js';
import { charts } from './charts.js';
import { confidenceSlider } from './confidence-slider.js';
import { type DrawEntry, drawBoxes } from './draw-boxes.js';
import { type Filter, SHOW_ALL, shownObjects } from './filter.js';
import { frameGrid } from './frame-grid.js';
import type { FrameIndex } from './frame-index.js';
import { createFrameImages } from './frame-images.js';
import { formatMoment, type Moment } from './moment.js';
import { type Player, player } from './player.js';
import { shareLink } from './share-link.js';
import { lengthMs, timeline } from './timeline.js';
import { type ZonesPanel, zonesPanel } from '../zones/zones-panel.js';
import { handleVideoErrors } from './video-errors.js';

export interface JobViewOptions {
  readonly eventId: string;
  readonly frames: FrameIndex;
  /** Whether the job stores its frames, which are shown while the video is not available. */
  readonly areStored: boolean;
  readonly colourOf: (className: string) => string;
  /** Minimum confidence of the job's detections, 0 to 1. */
  readonly jobConfidence: number;
  /** Moment to show first. */
  readonly moment: Moment;
  readonly isRunning: () => boolean;
  /** Called if a video that was shown is being rendered. */
  readonly onRendering: () => void;
  readonly signal: AbortSignal;
}

export interface JobView extends Pick<Player, 'setVideo' | 'showWaiting' | 'showUnavailable'> {
  readonly root: HTMLElement;
  /** Element beside the video for key figures. */
  readonly side: HTMLElement;
  /** Shows newly added frames; redraws are throttled. */
  readonly update: () => void;
  readonly setFrameSize: (size: Size) => void;
  readonly showZones: ZonesPanel['show'];
}

/** Minimum interval between redraws while frames arrive. */
const REDRAW_MS = 250;

/**
 * Player with the timeline below it, frame grid and charts, with a common filter. Without a video, it
 * shows stored frames.
 */
export function jobView(options: JobViewOptions): JobView {
  const { eventId, frames, areStored, colourOf, jobConfidence, moment, signal } = options;
  let filter: Filter = {
    ...{ ...SHOW_ALL, minConfidence: moment.minConfidence ?? jobConfidence },
    onlyClass: moment.className,
  };
  let size: Size | undefined;
  const drawEntry: DrawEntry = (context, entry, place) =>
    drawBoxes(context, shownObjects(entry, filter), { ...place, colourOf });
  const view = player({
    ...{ frames, draw: drawEntry, signal },
    storedUrl: areStored ? (frame) => jobUrl(eventId, `frames/${frame}.jpg`) : undefined,
    onStoredFrame: () => {
      lines.showTime(view.timeS() * 1000);
      link.update();
    },
  });
  const { video } = view;
  if (moment.timeS !== undefined) view.startAt(moment.timeS);
  const link = shareLink({
    ...{ video, timeS: view.timeS, signal },
    hashAt: (timeS) => formatMoment(eventId, { ...linkFilter(filter, jobConfidence), timeS }),
  });
  const change = (changes: Partial<Filter>) => {
    filter = { ...filter, ...changes };
    view.redraw();
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
  const zones = zonesPanel({
    ...{ eventId, stage: view.stage, video, timeS: view.timeS, seek: show, signal },
    durationMs: () => lengthMs(video, frames.entries()),
  });
  lines.append(zones.timeline);
  const graphs = charts({ colourOf, seek: show, signal });
  const grid = frameGrid({
    ...{ images: createFrameImages(eventId, view.source), draw: drawEntry },
    describe: (entry) => pluralize(shownObjects(entry, filter).length, 'detection'),
    only: {
      label: 'Only with detections',
      matches: (entry) => shownObjects(entry, filter).length > 0,
    },
    frameSize: () => size,
    onSelect: ({ timestampMs }) => show(timestampMs),
  });
  const draw = () => {
    if (signal.aborted) return;
    const entries = frames.entries();
    lines.update(entries, filter);
    graphs.update(entries, filter, lengthMs(video, entries));
    grid.update(entries, [filter.minConfidence, filter.onlyClass, ...filter.hiddenClasses]);
    view.redraw();
  };
  const update = throttle(draw, (work) => setTimeout(work, REDRAW_MS));
  const drawNextFrame = throttle(draw, requestAnimationFrame);
  video.addEventListener('loadedmetadata', update, { signal });
  handleVideoErrors({ ...options, view });
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
      element(
        'section',
        { class: 'player-card', 'aria-label': 'Video' },
        ...[view.root, lines.root, zones.root],
      ),
      element('aside', { class: 'card card-body job-side' }, side, slider, link.root),
    ),
    tabs('Frames and charts', [
      { title: 'Frames', content: grid.root },
      { title: 'Charts', content: graphs.root },
    ]),
  );
  const setFrameSize = (next: Size) => {
    size = next;
    view.setFrameSize(next);
  };
  const { setVideo, showWaiting, showUnavailable } = view;
  const shown = { setVideo, showWaiting, showUnavailable, showZones: zones.show };
  return { root, side, update, setFrameSize, ...shown };
}

/** Filter of a link: what differs from the page of the job without a moment. */
function linkFilter({ minConfidence, onlyClass }: Filter, jobConfidence: number): Moment {
  return {
    className: onlyClass,
    ...(minConfidence !== jobConfidence && { minConfidence }),
  };
}
