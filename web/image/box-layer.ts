import { element, fill } from '../dom.js';
import { areaOf, CORNERS, type Extent } from './box-geometry.js';
import type { EditedObject } from './box-edits.js';
import type { ImageObject } from './object-diff.js';

/** Distance to an edge, as a share of the image, below which the label moves into the box. */
const NEAR_TOP = 0.07;
const NEAR_RIGHT = 0.6;

interface BoxLayer {
  /** Overlay of the image; boxes are placed in percent, so they scale with it. */
  readonly root: HTMLElement;
  /** Draws boxes for viewing only. */
  show(objects: readonly ImageObject[]): void;
  /** Draws boxes that pointer and keyboard can edit, and highlights the selected one. */
  edit(objects: readonly EditedObject[], selectedId: number | undefined): void;
  focus(id: number): void;
}

/** Layer of labelled boxes over an image. */
export function boxLayer(extent: Extent, colourOf: (className: string) => string): BoxLayer {
  const root = element('div', { class: 'box-layer' });
  let elements = new Map<number, HTMLElement>();
  const draw = (objects: readonly EditedObject[]) => {
    const before = elements;
    elements = new Map(objects.map(({ id }) => [id, before.get(id) ?? boxElement(id)]));
    for (const [id, gone] of before) if (!elements.has(id)) gone.remove();
    const byArea = objects.toSorted((a, b) => areaOf(b.box) - areaOf(a.box));
    for (const object of objects) {
      const box = elements.get(object.id)!; // created above
      place(box, object, extent);
      box.style.setProperty('--class-colour', colourOf(object.class));
      box.style.zIndex = String(byArea.indexOf(object) + 1); // keeps small boxes clickable
      if (!box.isConnected) root.append(box);
    }
  };
  return {
    root,
    show: (objects) => {
      root.setAttribute('role', 'img');
      root.setAttribute('aria-label', describeObjects(objects));
      draw(objects.map((object, id) => ({ ...object, id })));
    },
    edit: (objects, selectedId) => {
      root.classList.add('is-edited');
      root.setAttribute('role', 'application');
      root.setAttribute('aria-label', 'Boxes of the image');
      draw(objects);
      for (const object of objects) {
        makeEditable(elements.get(object.id)!, object, object.id === selectedId);
      }
    },
    focus: (id) => elements.get(id)?.focus(),
  };
}

function boxElement(id: number): HTMLElement {
  const label = element('span', { class: 'box-label' });
  const handles = CORNERS.map((corner) =>
    element('span', { class: 'box-handle', 'data-corner': corner }),
  );
  return element('div', { class: 'box', 'data-id': id }, label, ...handles);
}

function place(box: HTMLElement, { class: name, box: edges }: EditedObject, extent: Extent): void {
  const [xMin, yMin, xMax, yMax] = edges;
  const { width, height } = extent;
  const shares = {
    left: xMin / width,
    top: yMin / height,
    width: (xMax - xMin) / width,
    height: (yMax - yMin) / height,
  };
  for (const [side, share] of Object.entries(shares)) {
    box.style.setProperty(side, `${share * 100}%`);
  }
  box.classList.toggle('is-at-top', shares.top < NEAR_TOP);
  box.classList.toggle('is-at-right', shares.left > NEAR_RIGHT);
  const label = box.querySelector('.box-label');
  if (label) fill(label, name === '' ? '?' : name);
}

function makeEditable(box: HTMLElement, object: EditedObject, isSelected: boolean): void {
  box.tabIndex = 0;
  box.setAttribute('role', 'button');
  box.setAttribute('aria-pressed', String(isSelected));
  box.setAttribute('aria-label', describeObject(object));
}

/** Describes class and position of an object for screen readers. */
export function describeObject({
  class: name,
  box: [xMin, yMin, xMax, yMax],
}: ImageObject): string {
  const title = name === '' ? 'Box without a class' : name;
  return `${title}: ${xMin} from the left, ${yMin} from the top, ${xMax - xMin} wide, ${yMax - yMin} high`;
}

function describeObjects(objects: readonly ImageObject[]): string {
  if (objects.length === 0) return 'No boxes';
  return `Boxes: ${objects.map(({ class: name }) => name).join(', ')}`;
}
