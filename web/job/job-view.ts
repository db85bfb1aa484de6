import type { ResultOverview } from '../../api/types.js';
import type { Size } from '../../domain/result/detection.js';
import { jobUrl } from '../api/jobs.js';
import { element } from '../dom.js';
import { pluralize } from '../format.js';
import { tabs } from '../parts/tabs.js';
import { throttle } from '../throttle.js';
import { charts } from './charts.js';
import { type DrawEntry, drawBoxes } from './draw-boxes.js';
import { type Filter, SHOW_ALL, shownObjects } from './filter.js';
import type { FoundObjects } from './found-objects.js';
import { frameGrid } from './frame-grid.js';
import type { FrameIndex } from './frame-index.js';
import { createFrameImages } from './frame-images.js';
import { jobFound } from './job-found.js';
import { filterOfLink, formatMoment, type Moment } from './moment.js';
import { type Player, player } from './player.js';
import { shareLink } from './share-link.js';
import { lengthMs } from './timeline.js';
import { type ZonesPanel, zonesPanel } from '../zones/zones-panel.js';
import { handleVideoErrors } from './video-errors.js';

export interface JobViewOptions {
  readonly eventId: string;
  readonly frames: FrameIndex;
  /** Whether the job stores its frames, which are shown while the video is not available. */
  readonly areStored: boolean;
  /** Whether the job follows objects, which then have bars in the timeline. */
  readonly isTracked: boolean;
  readonly colourOf: (className: string) => string;
  /** Minimum confidence of the job's detections, 0 to 1. */
  readonly jobConfidence: number;
  /** Moment to show first. */
  readonly moment: Moment;
  /** Receives the duration of the video in ms. */
  readonly onLength: (lengthMs: number) => void;
  readonly isRunning: () => boolean;
  /** Called if a video that was shown is being rendered. */
  readonly onRendering: () => void;
  readonly signal: AbortSignal;
}

export interface JobView extends Pick<Player, 'setVideo' | 'showWaiting' | 'showUnavailable'> {
  readonly root: HTMLElement;
  /** Button that copies the link to the moment. */
  readonly share: HTMLElement;
  /** Shows newly added frames; redraws are throttled. */
  readonly update: () => void;
  readonly setFrameSize: (size: Size) => void;
  readonly showZones: ZonesPanel['show'];
  readonly showSummary: (summary: ResultOverview) => void;
  readonly showFound: (found: FoundObjects) => void;
}

/** Minimum interval between redraws while frames arrive. */
const REDRAW_MS = 250;

/**
 * Player with the timeline below it and what was found beside it; frame grid and charts, with a common
 * filter. Without a video, it shows stored frames.
 */
export function jobView(options: JobViewOptions): JobView {
  const { eventId, frames, areStored, isTracked, colourOf, jobConfidence, moment, signal } =
    options;
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
      objects.showTime(view.timeS() * 1000);
      link.update();
    },
  });
  const { video } = view;
  if (moment.timeS !== undefined) view.startAt(moment.timeS);
  const link = shareLink({
    ...{ video, timeS: view.timeS, signal },
    hashAt: (timeS) => formatMoment(eventId, { ...filterOfLink(filter, jobConfidence), timeS }),
  });
  const change = (changes: Partial<Filter>) => {
    filter = { ...filter, ...changes };
    view.redraw();
    link.update();
    drawNextFrame();
  };
  const show = (timestampMs: number) => {
    video.pause();
    view.seek(timestampMs);
    view.root.scrollIntoView({ block: 'nearest' });
  };
  const length = () => lengthMs(video, frames.entries());
  const images = createFrameImages(eventId, view.source, areStored);
  const objects = jobFound({
    ...{ eventId, player: view, images, isTracked, colourOf, signal },
    ...{ minConfidence: filter.minConfidence, lengthMs: length, onChange: change, show },
  });
  const zones = zonesPanel({
    ...{ eventId, stage: view.stage, video, timeS: view.timeS },
    ...{ seek: show, durationMs: length, signal },
  });
  objects.appendLine(zones.timeline);
  const graphs = charts({ colourOf, seek: show, signal });
  const grid = frameGrid({
    ...{ images, draw: drawEntry, frameSize: () => size },
    describe: (entry) => pluralize(shownObjects(entry, filter).length, 'detection'),
    only: {
      label: 'Only with detections',
      matches: (entry) => shownObjects(entry, filter).length > 0,
    },
    onSelect: ({ timestampMs }) => show(timestampMs),
  });
  const draw = () => {
    if (signal.aborted) return;
    const entries = frames.entries();
    objects.update(entries, filter);
    graphs.update(entries, filter, length());
    grid.update(entries, [filter.minConfidence, filter.onlyClass, ...filter.hiddenClasses]);
    view.redraw();
  };
  const update = throttle(draw, (work) => setTimeout(work, REDRAW_MS));
  const drawNextFrame = throttle(draw, requestAnimationFrame);
  const showLength = () => options.onLength(length());
  for (const listener of [update, showLength]) {
    video.addEventListener('loadedmetadata', listener, { signal });
  }
  handleVideoErrors({ ...options, view });
  const root = element(
    'div',
    { class: 'job-view' },
    element(
      'div',
      { class: 'job-columns' },
      element(
        'section',
        { class: 'player-card', 'aria-label': 'Video' },
        view.root,
        objects.timeline,
        zones.root,
      ),
      objects.side,
    ),
    tabs('Frames and charts', [
      { title: 'Frames', content: grid.root },
      { title: 'Charts', content: graphs.root },
    ]),
  );
  const { setVideo, showWaiting, showUnavailable } = view;
  return {
    ...{ root, share: link.root, update, setVideo, showWaiting, showUnavailable },
    setFrameSize: (next) => {
      size = next;
      view.setFrameSize(next);
    },
    showZones: zones.show,
    showSummary: (summary) => {
      objects.showSummary(summary);
      update();
    },
    showFound: (found) => {
      objects.showFound(found);
      update();
    },
  };
}
