import { element, fill } from '../dom.js';
import { areaOf, CORNERS, type Extent } from './box-geometry.js';
import type { EditedObject } from './box-edits.js';
import type { SeenObject } from './correction.js';

/** A box this near to an edge of the picture has its label inside, as a share of the picture. */
const NEAR_TOP = 0.07;
const NEAR_RIGHT = 0.6;

export interface BoxLayer {
  /** Lies over the picture; boxes are placed by shares, so that they follow its size. */
  readonly root: HTMLElement;
  /** Draws what is to be looked at only. */
  show(objects: readonly SeenObject[]): void;
  /** Draws what can be changed by pointer and keyboard, one of it chosen. */
  edit(objects: readonly EditedObject[], chosenId: number | undefined): void;
  focus(id: number): void;
}

/** Boxes with their labels over a picture. */
export function boxLayer(extent: Extent, colourOf: (className: string) => string): BoxLayer {
  const root = element('div', { class: 'box-layer' });
  let elements = new Map<number, HTMLElement>();
  const draw = (objects: readonly EditedObject[]) => {
    const before = elements;
    elements = new Map(objects.map(({ id }) => [id, before.get(id) ?? boxElement(id)]));
    for (const [id, gone] of before) if (!elements.has(id)) gone.remove();
    const byArea = objects.toSorted((a, b) => areaOf(b.box) - areaOf(a.box));
    for (const object of objects) {
      const box = elements.get(object.id)!; // made above
      place(box, object, extent);
      box.style.setProperty('--class-colour', colourOf(object.class));
      box.style.zIndex = String(byArea.indexOf(object) + 1); // a small one stays within reach
      if (!box.isConnected) root.append(box);
    }
  };
  return {
    root,
    show: (objects) => {
      root.setAttribute('role', 'img');
      root.setAttribute('aria-label', summaryOf(objects));
      draw(objects.map((object, id) => ({ ...object, id })));
    },
    edit: (objects, chosenId) => {
      root.classList.add('is-edited');
      root.setAttribute('role', 'application');
      root.setAttribute('aria-label', 'Boxes of the picture');
      draw(objects);
      for (const object of objects) {
        makeEditable(elements.get(object.id)!, object, object.id === chosenId);
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

function makeEditable(box: HTMLElement, object: EditedObject, isChosen: boolean): void {
  box.tabIndex = 0;
  box.setAttribute('role', 'button');
  box.setAttribute('aria-pressed', String(isChosen));
  box.setAttribute('aria-label', placeOf(object));
}

/** Where an object is, in words. */
export function placeOf({ class: name, box: [xMin, yMin, xMax, yMax] }: SeenObject): string {
  const called = name === '' ? 'object without a class' : name;
  return `${called}: ${xMin} from the left, ${yMin} from the top, ${xMax - xMin} wide, ${yMax - yMin} high`;
}

function summaryOf(objects: readonly SeenObject[]): string {
  if (objects.length === 0) return 'No boxes';
  return `Boxes: ${objects.map(({ class: name }) => name).join(', ')}`;
}
