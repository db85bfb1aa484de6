import type { Size } from '../../domain/result/detection.js';
import { element, fill } from '../dom.js';
import { formatClock, formatCount, pluralize } from '../format.js';
import { emptyState } from '../parts/states.js';
import { drawBoxes } from './draw-boxes.js';
import { type Filter, shownObjects } from './filter.js';
import type { FrameEntry } from './frame-index.js';
import type { FrameImages } from './frame-images.js';

interface FrameGridOptions {
  readonly images: FrameImages;
  readonly colourOf: (className: string) => string;
  /** Frame size that box coordinates refer to; default: that of the image. */
  readonly frameSize: () => Size | undefined;
  readonly onSelect: (entry: FrameEntry) => void;
}

interface FrameGrid {
  readonly root: HTMLElement;
  update(entries: readonly FrameEntry[], filter: Filter): void;
}

const ON_PAGE = 24;
const WIDTH = 320;

/** Paged grid of frame images with their boxes. */
export function frameGrid(options: FrameGridOptions): FrameGrid {
  let entries: readonly FrameEntry[] = [];
  let filter: Filter | undefined;
  let first = 0;
  let drawn = '';
  const grid = element('div', { class: 'frame-grid' });
  const place = element('span', { class: 'text-body-secondary' });
  const isFoundOnly = element('input', { type: 'checkbox', class: 'form-check-input' });
  const filterEntries = () =>
    isFoundOnly.checked && filter
      ? entries.filter((entry) => shownObjects(entry, filter!).length > 0)
      : entries;
  const draw = () => {
    const found = filterEntries();
    first = Math.min(first, Math.max(0, Math.floor((found.length - 1) / ON_PAGE) * ON_PAGE));
    const page = found.slice(first, first + ON_PAGE);
    showPlace(found.length);
    const cells = page.map((entry) => cell(entry, filter, options));
    grid.replaceChildren(
      ...(cells.length > 0
        ? cells
        : [emptyState('film', 'No frames', 'No frames match the filter.')]),
    );
  };
  const showPlace = (found: number) => {
    const until = Math.min(found, first + ON_PAGE);
    fill(
      place,
      found > 0 && `${formatCount(first + 1)} to ${formatCount(until)} of ${formatCount(found)}`,
    );
    previousButton.disabled = first === 0;
    nextButton.disabled = until >= found;
  };
  const turn = (by: number) => () => {
    first = Math.max(0, first + by);
    draw();
  };
  const previousButton = pageButton('Previous frames', turn(-ON_PAGE));
  const nextButton = pageButton('Next frames', turn(ON_PAGE));
  isFoundOnly.addEventListener('change', draw);
  const only = element('label', { class: 'form-check' }, isFoundOnly, ' Only with detections');
  const update = (nextEntries: readonly FrameEntry[], nextFilter: Filter) => {
    entries = nextEntries;
    filter = nextFilter;
    // Frames added after those on the page do not change what is visible.
    const state = JSON.stringify([
      Math.min(entries.length, first + ON_PAGE + 1),
      ...[filter.minConfidence, filter.onlyClass, [...filter.hiddenClasses]],
    ]);
    if (state === drawn) return showPlace(filterEntries().length);
    drawn = state;
    draw();
  };
  const tools = element('div', { class: 'grid-tools' }, only, place, previousButton, nextButton);
  return { root: element('div', {}, tools, grid), update };
}

function pageButton(label: string, onclick: () => void): HTMLButtonElement {
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, label);
}

function cell(
  entry: FrameEntry,
  filter: Filter | undefined,
  { images, colourOf, frameSize, onSelect }: FrameGridOptions,
): HTMLElement {
  const objects = filter ? shownObjects(entry, filter) : entry.objects;
  const canvas = element('canvas', {
    width: WIDTH,
    height: (WIDTH * 9) / 16,
    'aria-hidden': 'true',
  });
  const found =
    entry.reason === undefined
      ? pluralize(objects.length, 'detection')
      : `skipped: ${entry.reason}`;
  const root = element(
    'button',
    { class: 'frame-cell', 'data-frame': entry.frame, onclick: () => onSelect(entry) },
    canvas,
    element('span', {}, `${entry.frame} · ${formatClock(entry.timestampMs / 1000)}`),
    element('span', { class: entry.reason === undefined ? '' : 'text-danger-emphasis' }, found),
  );
  if (entry.reason !== undefined) root.classList.add('is-skipped');
  else void drawCell();
  return root;

  async function drawCell() {
    const drawn = await images.draw(entry, canvas, WIDTH).catch(() => undefined);
    // Neither the job nor the browser has an image of the frame.
    root.classList.toggle('is-blank', drawn === undefined);
    const context = canvas.getContext('2d');
    const size = frameSize() ?? drawn;
    if (context && size) {
      const scale = [canvas.width / size.width, canvas.height / size.height] as const;
      drawBoxes(context, objects, { scale, density: 1, colourOf, labels: false });
    }
    root.dataset['drawn'] = 'true';
  }
}
