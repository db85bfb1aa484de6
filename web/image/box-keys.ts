import { ARROWS } from './arrow-keys.js';
import { type Extent, moveBox, type Point, resizeBox } from './box-geometry.js';
import type { BoxEdits } from './box-edits.js';

/** Number of arrow key presses that cross the longer side of an image. */
const STEPS = 200;

interface KeyOptions {
  readonly extent: Extent;
  readonly onRemoved: () => void;
  /** Called when the user asks to rename the selected box. */
  readonly onRename: () => void;
}

/** Moves the selected box by arrow keys, or resizes it with Shift; with Ctrl by one pixel. */
export function handleKeys(layer: HTMLElement, edits: BoxEdits, options: KeyOptions): void {
  const { extent, onRemoved, onRename } = options;
  const step = Math.max(1, Math.round(Math.max(extent.width, extent.height) / STEPS));
  layer.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) edits.select(Number(target.dataset['id']));
  });
  layer.addEventListener('keydown', (event) => {
    const object = edits.selected();
    if (!object) return;
    const { key, shiftKey, ctrlKey } = event;
    const arrow = ARROWS[key];
    if (arrow) {
      const by: Point = ctrlKey ? arrow : [arrow[0] * step, arrow[1] * step];
      const place = shiftKey
        ? resizeBox(object.box, 'se', by, extent)
        : moveBox(object.box, by, extent);
      edits.change(object.id, { box: place });
    } else if (key === 'Delete' || key === 'Backspace') {
      edits.remove(object.id);
      onRemoved();
    } else if (key === 'Enter') onRename();
    else if (key === 'Escape') edits.select(undefined);
    else return;
    event.preventDefault();
  });
}
