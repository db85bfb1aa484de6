import {
  boxBetween,
  CORNERS,
  type Extent,
  moveBox,
  type Point,
  resizeBox,
} from './box-geometry.js';
import type { BoxEdits } from './box-edits.js';

/** Distance in CSS pixels below which a pointer gesture is a click. */
const CLICK_PX = 4;

interface PointerOptions {
  readonly extent: Extent;
  /** Whether a drag that starts on a box draws a new box. */
  readonly isDrawing: () => boolean;
  /** Class of a drawn box. */
  readonly newClass: () => string;
  /** Called when a box was drawn or selected. */
  readonly onDone: (id: number, isNew: boolean) => void;
}

/** Effect of a pointer drag, which can be undone. */
interface Drag {
  readonly start: Point;
  readonly move: (to: Point) => void;
  readonly undo: () => void;
  readonly end: (hasMoved: boolean) => void;
}

/** Lets mouse, pen and touch select, move, resize and draw boxes. */
export function handlePointer(layer: HTMLElement, edits: BoxEdits, options: PointerOptions): void {
  let drag: Drag | undefined;
  let hasMoved = false;
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = layer.getBoundingClientRect();
    const { extent } = options;
    return [((clientX - left) / width) * extent.width, ((clientY - top) / height) * extent.height];
  };
  const isClick = (from: Point, to: Point) => {
    const scale = layer.clientWidth / options.extent.width;
    return Math.hypot(to[0] - from[0], to[1] - from[1]) * scale < CLICK_PX;
  };
  layer.addEventListener('pointerdown', (event) => {
    if (drag || event.button !== 0 || !(event.target instanceof Element)) return;
    event.preventDefault(); // prevents text selection and the default focus change
    layer.setPointerCapture(event.pointerId);
    const start = pointOf(event);
    const box = options.isDrawing() ? null : event.target.closest<HTMLElement>('.box');
    drag = box
      ? startDrag(Number(box.dataset['id']), event.target, start, edits, options)
      : startDrawing(start, edits, options);
    hasMoved = false;
  });
  layer.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const to = pointOf(event);
    hasMoved ||= !isClick(drag.start, to);
    if (hasMoved) drag.move(to);
  });
  layer.addEventListener('pointerup', () => {
    drag?.end(hasMoved);
    drag = undefined;
  });
  layer.addEventListener('pointercancel', () => {
    if (hasMoved) drag?.undo();
    drag = undefined;
  });
}

function startDrag(
  id: number,
  target: Element,
  start: Point,
  edits: BoxEdits,
  { extent, onDone }: PointerOptions,
): Drag | undefined {
  edits.select(id);
  const from = edits.selected()?.box;
  if (!from) return undefined;
  const handle = target instanceof HTMLElement ? target.dataset['corner'] : undefined;
  const corner = CORNERS.find((name) => name === handle);
  return {
    start,
    move: (to) => {
      const by: Point = [to[0] - start[0], to[1] - start[1]];
      const box = corner ? resizeBox(from, corner, by, extent) : moveBox(from, by, extent);
      edits.change(id, { box });
    },
    undo: () => edits.change(id, { box: from }),
    end: () => onDone(id, false),
  };
}

function startDrawing(
  start: Point,
  edits: BoxEdits,
  { extent, newClass, onDone }: PointerOptions,
): Drag {
  let id: number | undefined;
  return {
    start,
    move: (to) => {
      const box = boxBetween(start, to, extent);
      if (id === undefined) ({ id } = edits.add({ class: newClass(), box }));
      else edits.change(id, { box });
    },
    undo: () => {
      if (id !== undefined) edits.remove(id);
    },
    end: () => {
      if (id === undefined) edits.select(undefined);
      else onDone(id, true);
    },
  };
}
