import type { Size } from '../../domain/result/detection.js';
import { element, fill } from '../dom.js';
import { formatClock, formatCount } from '../format.js';
import { emptyState } from '../parts/states.js';
import type { DrawEntry } from './draw-boxes.js';
import type { FrameEntry } from './frame-index.js';
import type { FrameImages } from './frame-images.js';

interface FrameGridOptions {
  readonly images: FrameImages;
  readonly draw: DrawEntry;
  /** Describes a frame that was not skipped. */
  readonly describe: (entry: FrameEntry) => string;
  /** Checkbox that limits the grid to some of the frames. */
  readonly only: {
    readonly label: string;
    readonly isChecked?: boolean;
    readonly matches: (entry: FrameEntry) => boolean;
  };
  /** Frame size that box coordinates refer to; default: that of the image. */
  readonly frameSize: () => Size | undefined;
  readonly onSelect: (entry: FrameEntry) => void;
}

interface FrameGrid {
  readonly root: HTMLElement;
  /** @param filter values on which the texts and boxes of frames depend */
  update(entries: readonly FrameEntry[], filter: unknown): void;
}

const ON_PAGE = 24;
const WIDTH = 320;

/** Paged grid of frame images with their boxes. */
export function frameGrid(options: FrameGridOptions): FrameGrid {
  const { only } = options;
  let entries: readonly FrameEntry[] = [];
  let first = 0;
  let drawn = '';
  const grid = element('div', { class: 'frame-grid' });
  const place = element('span', { class: 'text-body-secondary' });
  const checkbox = element('input', {
    ...{ type: 'checkbox', class: 'form-check-input', checked: only.isChecked },
  });
  const filterEntries = () => (checkbox.checked ? entries.filter(only.matches) : entries);
  const draw = () => {
    const found = filterEntries();
    first = Math.min(first, Math.max(0, Math.floor((found.length - 1) / ON_PAGE) * ON_PAGE));
    const page = found.slice(first, first + ON_PAGE);
    showPlace(found.length);
    const cells = page.map((entry) => cell(entry, options));
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
  checkbox.addEventListener('change', draw);
  const label = element('label', { class: 'form-check' }, checkbox, ` ${only.label}`);
  const update = (nextEntries: readonly FrameEntry[], filter: unknown) => {
    entries = nextEntries;
    const found = filterEntries().length;
    // Frames added after those on the page do not change what is visible.
    const state = JSON.stringify([Math.min(found, first + ON_PAGE + 1), filter]);
    if (state === drawn) return showPlace(found);
    drawn = state;
    draw();
  };
  const tools = element('div', { class: 'grid-tools' }, label, place, previousButton, nextButton);
  return { root: element('div', {}, tools, grid), update };
}

function pageButton(label: string, onclick: () => void): HTMLButtonElement {
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, label);
}

function cell(
  entry: FrameEntry,
  { images, draw, describe, frameSize, onSelect }: FrameGridOptions,
): HTMLElement {
  const canvas = element('canvas', {
    width: WIDTH,
    height: (WIDTH * 9) / 16,
    'aria-hidden': 'true',
  });
  const text = entry.reason === undefined ? describe(entry) : `skipped: ${entry.reason}`;
  const root = element(
    'button',
    { class: 'frame-cell', 'data-frame': entry.frame, onclick: () => onSelect(entry) },
    canvas,
    element('span', {}, `${entry.frame} · ${formatClock(entry.timestampMs / 1000)}`),
    element('span', { class: entry.reason === undefined ? '' : 'text-danger-emphasis' }, text),
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
      draw(context, entry, { scale, density: 1, labels: false });
    }
    root.dataset['drawn'] = 'true';
  }
}
