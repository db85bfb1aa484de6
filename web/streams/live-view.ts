import type { Stream, StreamRow } from '../../api/types.js';
import { element, fill, icon } from '../dom.js';
import { formatTime, joinFacts } from '../format.js';
import { liveOverlay } from './live-overlay.js';
import { type LiveKind, showLive } from './live-sources.js';
import { liveState } from './live-state.js';
import type { RowBuffer } from './row-buffer.js';
import { describeObjects, hasImages, nameOf } from './stream-text.js';

interface LiveViewOptions {
  readonly uuid: string;
  readonly rows: RowBuffer;
  readonly colourOf: (className: string) => string;
  readonly signal: AbortSignal;
}

interface LiveView {
  readonly root: HTMLElement;
  readonly update: (stream: Stream) => void;
  /** Draws the boxes again, because a row has arrived. */
  readonly redraw: () => void;
}

const NO_IMAGES = 'No live images at the moment';

const KINDS: Readonly<Record<LiveKind, string>> = {
  frames: 'live video',
  video: 'live video',
  images: 'live images',
  still: 'still image without boxes, every 2 s',
};

/** Live view of a camera with the boxes of the frame shown; without images, its state. */
export function liveView({ uuid, rows, colourOf, signal }: LiveViewOptions): LiveView {
  const video = element('video', { muted: true, playsinline: true, hidden: true });
  video.muted = true; // the attribute counts for markup only
  const frames = element('canvas', { 'aria-hidden': 'true', hidden: true });
  const image = element('img', { alt: '', hidden: true });
  const overlay = liveOverlay(colourOf);
  const state = liveState();
  const stage = element(
    'div',
    { class: 'live-stage' },
    video,
    frames,
    image,
    overlay.canvas,
    state.root,
  );
  const caption = element('p', { class: 'live-caption' }, NO_IMAGES);
  const boxes = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
  let stream: Stream | undefined;
  let running: AbortController | undefined;

  let redraw: () => void = () => undefined;

  const onFrame = (kind: LiveKind, timestampMs: number | undefined) => {
    if (signal.aborted || !stream) return;
    redraw = () => onFrame(kind, timestampMs);
    video.hidden = kind !== 'video';
    frames.hidden = kind !== 'frames';
    image.hidden = kind === 'video' || kind === 'frames';
    const shown = kind === 'video' ? sizeOf(video) : kind === 'frames' ? frames : naturalOf(image);
    const size = stream.frame_size ?? shown;
    stage.style.setProperty('--ratio', String(shown.width / shown.height || 16 / 9));
    // Boxes of another moment would be beside the objects.
    const row = timestampMs === undefined ? undefined : rows.at(timestampMs);
    overlay.draw(boxes.checked ? row : undefined, size);
    const behind = behindOf(rows, timestampMs);
    fill(
      caption,
      joinFacts([
        row && formatTime(row.timestamp),
        row && describeObjects(row.detections),
        behind,
        KINDS[kind],
      ]),
    );
    stage.dataset['kind'] = kind;
  };

  const update = (next: Stream) => {
    const isShown = hasImages(next);
    stream = next;
    image.alt = `Newest image of ${nameOf(next)}`;
    state.update(next);
    stage.classList.toggle('is-away', !isShown);
    if (isShown === (running !== undefined)) return;
    running?.abort();
    running = isShown ? new AbortController() : undefined;
    overlay.draw(undefined, { width: 1, height: 1 });
    if (!running) return fill(caption, NO_IMAGES);
    const either = AbortSignal.any([signal, running.signal]);
    const untilRow = (ms: number) => rows.arrived(ms);
    const onRow = (row: StreamRow) => {
      rows.preview(row);
      redraw();
    };
    const sources = { uuid, frames, video, image, onFrame, onRow, untilRow, signal: either };
    showLive(sources, next).catch(() => undefined); // aborted
  };
  boxes.addEventListener('change', () => redraw());
  const tools = element(
    'div',
    { class: 'live-tools' },
    caption,
    element('label', { class: 'form-check' }, boxes, 'Boxes'),
    fullscreenButton(stage),
  );
  return { root: element('div', {}, stage, tools), update, redraw: () => redraw() };
}

const sizeOf = ({ videoWidth, videoHeight }: HTMLVideoElement) => ({
  ...{ width: videoWidth, height: videoHeight },
});

const naturalOf = ({ naturalWidth, naturalHeight }: HTMLImageElement) => ({
  ...{ width: naturalWidth, height: naturalHeight },
});

/** Time from the frame shown to the newest result, both by the clock of the worker. */
function behindOf(rows: RowBuffer, timestampMs: number | undefined): string | undefined {
  const newest = rows.list().at(-1);
  if (!newest || timestampMs === undefined) return undefined;
  const seconds = Math.max(0, (Date.parse(newest.timestamp) - timestampMs) / 1000);
  return `${seconds.toFixed(1)} s behind the results`;
}

function fullscreenButton(stage: HTMLElement): HTMLElement {
  const onclick = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void stage.requestFullscreen();
  };
  const attributes = { class: 'btn tool', type: 'button', 'aria-label': 'Full screen' };
  return element('button', { ...attributes, onclick }, icon('fullscreen'));
}
