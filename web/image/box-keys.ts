import { type Extent, movedBox, type Point, resizedBox } from './box-geometry.js';
import type { BoxEdits } from './box-edits.js';

/** Steps of an arrow key across the longer side of a picture. */
const STEPS = 200;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface KeyOptions {
  readonly extent: Extent;
  readonly onRemoved: () => void;
  /** Told when a person wants to say another class. */
  readonly onRename: () => void;
}

/** The keyboard: arrows move, with Shift they resize, with Ctrl by single pixels; Delete removes. */
export function followKeys(layer: HTMLElement, edits: BoxEdits, options: KeyOptions): void {
  const { extent, onRemoved, onRename } = options;
  const step = Math.max(1, Math.round(Math.max(extent.width, extent.height) / STEPS));
  layer.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) edits.choose(Number(target.dataset['id']));
  });
  layer.addEventListener('keydown', (event) => {
    const object = edits.chosen();
    if (!object) return;
    const { key, shiftKey, ctrlKey } = event;
    const arrow = ARROWS[key];
    if (arrow) {
      const by: Point = ctrlKey ? arrow : [arrow[0] * step, arrow[1] * step];
      const place = shiftKey
        ? resizedBox(object.box, 'se', by, extent)
        : movedBox(object.box, by, extent);
      edits.change(object.id, { box: place });
    } else if (key === 'Delete' || key === 'Backspace') {
      edits.remove(object.id);
      onRemoved();
    } else if (key === 'Enter') onRename();
    else if (key === 'Escape') edits.choose(undefined);
    else return;
    event.preventDefault();
  });
}
