import { getSprite, type JobSprite } from '../api/sprites.js';
import { element, fill } from '../dom.js';
import { formatClock } from '../format.js';
import { showTile } from './sprite-tile.js';

interface TimelinePreviewOptions {
  readonly eventId: string;
  /** Element with lanes over the length of the video, in which the image is placed. */
  readonly timeline: HTMLElement;
  /** Duration of the video in ms. */
  readonly lengthMs: () => number;
  readonly signal: AbortSignal;
}

/** Shows the time under the mouse on a timeline, with its image once the sprite of the job is loaded. */
export function timelinePreview({
  eventId,
  timeline,
  lengthMs,
  signal,
}: TimelinePreviewOptions): void {
  const image = element('div', { class: 'preview-image' });
  const time = element('span', {});
  const tip = element('div', { class: 'timeline-preview', 'aria-hidden': 'true' }, image, time);
  tip.hidden = true;
  timeline.append(tip);
  let sprite: JobSprite | undefined;
  let isRequested = false;
  const load = () => {
    if (isRequested) return;
    isRequested = true;
    getSprite(eventId, signal).then(
      (loaded) => (sprite = loaded),
      () => undefined, // the time alone is shown
    );
  };
  const move = ({ target, clientX, pointerType }: PointerEvent) => {
    const lane = target instanceof Element && target.closest('.timeline-lane');
    tip.hidden = !lane || pointerType !== 'mouse';
    if (!lane || tip.hidden) return;
    load();
    const { left, width } = lane.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    const timeMs = share * lengthMs();
    fill(time, formatClock(timeMs / 1000));
    if (sprite) showTile(image, sprite, timeMs);
    image.dataset['loaded'] = String(sprite !== undefined);
    place(tip, timeline, clientX);
  };
  timeline.addEventListener('pointermove', move, { signal });
  timeline.addEventListener('pointerleave', () => (tip.hidden = true), { signal });
}

/** Centres the tip over the mouse, inside of its container. */
function place(tip: HTMLElement, container: HTMLElement, clientX: number): void {
  const { left, width } = container.getBoundingClientRect();
  const at = clientX - left - tip.offsetWidth / 2;
  tip.style.left = `${Math.max(0, Math.min(at, width - tip.offsetWidth))}px`;
}
