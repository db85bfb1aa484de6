import { ARROWS } from '../image/arrow-keys.js';
import type { Extent, Point } from '../image/box-geometry.js';
import type { ZoneEdits } from './zone-edits.js';
import { moveCorner, moveShape, removeCorner, type Shape } from './zone-shapes.js';

/** Number of arrow key presses that cross the longer side of a frame. */
const STEPS = 100;

interface KeyOptions {
  readonly extent: Extent;
  readonly isDrawing: () => boolean;
  /** Whether the shape that is being drawn has enough corners. */
  readonly canFinish: () => boolean;
  /** Ends the shape that is being drawn. */
  readonly onEnd: (isKept: boolean) => void;
  readonly onUndo: () => void;
  /** Called when a shape was removed. */
  readonly onRemoved: () => void;
  /** Moves the focus to a corner. */
  readonly onFocus: (id: number, corner: number) => void;
}

/** Corner that has the focus. */
interface FocusedCorner {
  readonly shape: Shape;
  readonly corner: number;
}

/**
 * Moves the focused corner by arrow keys, its whole shape with Shift, by one pixel with Ctrl; Delete
 * removes a corner, or a shape that has no more of them to spare; Ctrl+Z undoes.
 * @param roots layer with the corners, and tools of the editor
 */
export function handleZoneKeys(
  roots: readonly HTMLElement[],
  edits: ZoneEdits,
  options: KeyOptions,
): void {
  for (const root of roots) {
    root.addEventListener('focusin', ({ target }) => {
      const focused = cornerOf(target, edits);
      if (focused) edits.select(focused.shape.id);
    });
    root.addEventListener('keydown', (event) => {
      event.stopPropagation(); // the keys of the player step through frames
      if (act(event, edits, options)) event.preventDefault();
    });
  }
}

function cornerOf(target: EventTarget | null, edits: ZoneEdits): FocusedCorner | undefined {
  const { id, corner } = target instanceof HTMLElement ? target.dataset : {};
  const shape = edits.shapes().find((each) => each.id === Number(id));
  return shape && corner !== undefined ? { shape, corner: Number(corner) } : undefined;
}

/** Returns whether the key has an effect. */
function act(event: KeyboardEvent, edits: ZoneEdits, options: KeyOptions): boolean {
  const { key, target } = event;
  const isInput = target instanceof HTMLInputElement;
  const isEnd =
    (key === 'Escape' && options.isDrawing()) || (key === 'Enter' && options.canFinish());
  if (isEnd) {
    options.onEnd(key === 'Enter');
    return true;
  }
  if ((event.ctrlKey || event.metaKey) && key === 'z' && !isInput) {
    options.onUndo();
    return true;
  }
  const focused = cornerOf(target, edits);
  if (!focused) return false;
  const arrow = ARROWS[key];
  if (arrow) move(focused, arrow, event, edits, options);
  else if (key === 'Delete' || key === 'Backspace') remove(focused, edits, options);
  else return false;
  return true;
}

function move(
  { shape, corner }: FocusedCorner,
  arrow: Point,
  { shiftKey, ctrlKey }: KeyboardEvent,
  edits: ZoneEdits,
  { extent }: KeyOptions,
): void {
  const step = ctrlKey ? 1 : Math.max(1, Math.round(Math.max(extent.width, extent.height) / STEPS));
  const by: Point = [arrow[0] * step, arrow[1] * step];
  if (shiftKey) edits.change(moveShape(shape, by, extent), 'keys');
  else edits.change(moveCorner(shape, corner, by, extent), `keys ${corner}`);
}

function remove({ shape, corner }: FocusedCorner, edits: ZoneEdits, options: KeyOptions): void {
  const rest = removeCorner(shape, corner);
  if (rest) {
    edits.change(rest, `remove ${corner} of ${shape.points.length}`);
    options.onFocus(shape.id, Math.max(0, corner - 1));
    return;
  }
  edits.remove(shape.id);
  options.onRemoved();
}
