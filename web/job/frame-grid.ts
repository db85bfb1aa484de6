import { element, fill } from '../dom.js';
import { clock, count, plural } from '../format.js';
import { emptyState } from '../parts/states.js';
import { drawBoxes } from './draw-boxes.js';
import { type Filter, shownObjects } from './filter.js';
import type { FrameEntry } from './frame-index.js';
import type { FramePictures } from './frame-pictures.js';

export interface FrameGridOptions {
  readonly pictures: FramePictures;
  readonly colourOf: (className: string) => string;
  readonly frameSize: () => { readonly width: number; readonly height: number };
  readonly onChosen: (entry: FrameEntry) => void;
}

export interface FrameGrid {
  readonly root: HTMLElement;
  update(entries: readonly FrameEntry[], filter: Filter): void;
}

const ON_PAGE = 24;
const WIDTH = 320;

/** The frames as pictures with their boxes, a page at a time. */
export function frameGrid(options: FrameGridOptions): FrameGrid {
  let entries: readonly FrameEntry[] = [];
  let filter: Filter | undefined;
  let first = 0;
  let drawn = '';
  const grid = element('div', { class: 'frame-grid' });
  const place = element('span', { class: 'text-body-secondary' });
  const isFoundOnly = element('input', { type: 'checkbox', class: 'form-check-input' });
  const wanted = () =>
    isFoundOnly.checked && filter
      ? entries.filter((entry) => shownObjects(entry, filter!).length > 0)
      : entries;
  const draw = () => {
    const found = wanted();
    first = Math.min(first, Math.max(0, Math.floor((found.length - 1) / ON_PAGE) * ON_PAGE));
    const page = found.slice(first, first + ON_PAGE);
    showPlace(found.length);
    const cells = page.map((entry) => cell(entry, filter, options));
    grid.replaceChildren(
      ...(cells.length > 0 ? cells : [emptyState('film', 'No frames', 'None fits the filter.')]),
    );
  };
  const showPlace = (found: number) => {
    const until = Math.min(found, first + ON_PAGE);
    fill(place, found > 0 && `${count(first + 1)} to ${count(until)} of ${count(found)}`);
    back.disabled = first === 0;
    on.disabled = until >= found;
  };
  const turn = (by: number) => () => {
    first = Math.max(0, first + by);
    draw();
  };
  const back = pageButton('Frames before', turn(-ON_PAGE));
  const on = pageButton('Next frames', turn(ON_PAGE));
  isFoundOnly.addEventListener('change', draw);
  const only = element('label', { class: 'form-check' }, isFoundOnly, ' with objects only');
  const update = (nextEntries: readonly FrameEntry[], nextFilter: Filter) => {
    entries = nextEntries;
    filter = nextFilter;
    // Frames that come behind those on the page change nothing that is to be seen.
    const state = `${Math.min(entries.length, first + ON_PAGE + 1)} ${filter.minConfidence} ${[...filter.hiddenClasses].join()}`;
    if (state === drawn) return showPlace(wanted().length);
    drawn = state;
    draw();
  };
  const tools = element('div', { class: 'grid-tools' }, only, place, back, on);
  return { root: element('div', {}, tools, grid), update };
}

function pageButton(label: string, onclick: () => void): HTMLButtonElement {
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, label);
}

function cell(
  entry: FrameEntry,
  filter: Filter | undefined,
  { pictures, colourOf, frameSize, onChosen }: FrameGridOptions,
): HTMLElement {
  const objects = filter ? shownObjects(entry, filter) : entry.objects;
  const canvas = element('canvas', {
    width: WIDTH,
    height: (WIDTH * 9) / 16,
    'aria-hidden': 'true',
  });
  const found =
    entry.reason === undefined ? plural(objects.length, 'object') : `skipped: ${entry.reason}`;
  const root = element(
    'button',
    { class: 'frame-cell', 'data-frame': entry.frame, onclick: () => onChosen(entry) },
    canvas,
    element('span', {}, `${entry.frame} · ${clock(entry.timestampMs / 1000)}`),
    element('span', { class: entry.reason === undefined ? '' : 'text-danger-emphasis' }, found),
  );
  if (entry.reason !== undefined) root.classList.add('is-skipped');
  else void drawCell();
  return root;

  async function drawCell() {
    try {
      await pictures.draw(entry, canvas, WIDTH);
    } catch {
      root.classList.add('is-blank'); // neither the job nor the browser has a picture of it
    }
    const context = canvas.getContext('2d');
    const { width, height } = frameSize();
    const scale = [canvas.width / width, canvas.height / height] as const;
    if (context && width > 0) {
      drawBoxes(context, objects, { scale, density: 1, colourOf, labels: false });
    }
    root.dataset['drawn'] = 'true';
  }
}
