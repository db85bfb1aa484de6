import { element, fill } from '../dom.js';
import { formatClock } from '../format.js';
import type { FoundObject } from './found-objects.js';
import type { FrameImages } from './frame-images.js';
import { describeObject, nameOf } from './track-bars.js';

interface FoundCrops {
  readonly root: HTMLElement;
  readonly update: (objects: readonly FoundObject[]) => void;
  readonly select: (selected: FoundObject | undefined) => void;
}

interface FoundCropsOptions {
  readonly images: FrameImages;
  readonly colourOf: (className: string) => string;
  readonly onSelect: (object: FoundObject) => void;
  readonly signal: AbortSignal;
}

/** Side of a crop in pixels. */
const SIDE = 128;
/** Maximum number of crops at first, and of those that are added at once. */
const SHOWN = 60;

/** Crop of the best frame of each object; a click shows when it appears. */
export function foundCrops({ images, colourOf, onSelect, signal }: FoundCropsOptions): FoundCrops {
  const list = element('ul', { class: 'crops', 'aria-label': 'Objects' });
  const more = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Show more');
  const root = element('div', { class: 'crops-box' }, list, more);
  const crops = new Map<string, HTMLElement>();
  let shown: readonly FoundObject[] = [];
  let limit = SHOWN;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) target.dispatchEvent(new Event('inview'));
      }
    },
    { rootMargin: '200px' },
  );
  signal.addEventListener('abort', () => observer.disconnect());
  const cropOf = (object: FoundObject) => {
    const known = crops.get(object.id);
    if (known) return known;
    const created = crop(object, { images, onSelect, colour: colourOf(object.className) });
    observer.observe(created);
    crops.set(object.id, created);
    return created;
  };
  const draw = () => {
    fill(list, ...shown.slice(0, limit).map(cropOf));
    more.hidden = shown.length <= limit;
  };
  more.addEventListener('click', () => {
    limit += SHOWN;
    draw();
  });
  const update = (objects: readonly FoundObject[]) => {
    const isSame =
      objects.length === shown.length && objects.every(({ id }, i) => id === shown[i]?.id);
    shown = objects;
    if (!isSame) draw();
  };
  const select = (selected: FoundObject | undefined) => {
    for (const [id, each] of crops) {
      each.firstElementChild?.setAttribute('aria-pressed', String(id === selected?.id));
    }
  };
  more.hidden = true;
  return { root, update, select };
}

interface CropOptions extends Pick<FoundCropsOptions, 'images' | 'onSelect'> {
  readonly colour: string;
}

function crop(object: FoundObject, { images, onSelect, colour }: CropOptions): HTMLElement {
  const { fromMs, best } = object;
  const canvas = element('canvas', { width: SIDE, height: SIDE, 'aria-hidden': 'true' });
  const button = element(
    'button',
    { class: 'crop', type: 'button', 'aria-pressed': 'false', title: describeObject(object) },
    canvas,
    element('span', { class: 'crop-name' }, nameOf(object)),
    element('span', { class: 'crop-time' }, formatClock(fromMs / 1000)),
  );
  button.style.setProperty('--class-colour', colour);
  button.addEventListener('click', () => onSelect(object));
  const root = element('li', {}, button);
  const draw = () => {
    const shown = { frame: best.frame, timestampMs: best.timestamp_ms };
    images.drawCrop(shown, canvas, best.box).then(
      () => (button.dataset['drawn'] = 'true'),
      () => undefined, // neither the job nor the browser has an image of the frame
    );
  };
  root.addEventListener('inview', draw, { once: true });
  return root;
}
