import type { Extent, Point } from '../image/box-geometry.js';
import type { ZoneEdits } from './zone-edits.js';
import type { Draft } from './zone-layer.js';
import { moveCorner, moveShape, type Shape, toPixels, toShares } from './zone-shapes.js';

/** Distance in CSS pixels below which a pointer gesture is a click. */
const CLICK_PX = 6;
/** Distance in CSS pixels from the first corner at which a click closes a zone. */
const CLOSE_PX = 16;

interface PointerOptions {
  readonly extent: Extent;
  readonly draft: () => Draft | undefined;
  /** Called with a corner of the draft, in shares of the frame. */
  readonly onPoint: (point: Point) => void;
  /** Called when the first corner of a draft is clicked again. */
  readonly onClose: () => void;
  readonly onFocus: (id: number, corner: number) => void;
}

interface Drag {
  readonly shape: Shape;
  readonly corner: number | undefined;
}

/** Lets mouse, pen and touch draw, select and move zones and lines. */
export function handleZonePointer(
  layer: HTMLElement,
  edits: ZoneEdits,
  options: PointerOptions,
): void {
  const { extent, draft, onPoint, onClose, onFocus } = options;
  let start: Point | undefined;
  let drag: Drag | undefined;
  let hasMoved = false;
  let gesture = 0;
  const pixelsOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = layer.getBoundingClientRect();
    return [((clientX - left) / width) * extent.width, ((clientY - top) / height) * extent.height];
  };
  const distance = (a: Point, b: Point) =>
    Math.hypot(a[0] - b[0], a[1] - b[1]) * (layer.clientWidth / extent.width);
  const addPoint = (at: Point) => {
    const now = draft();
    const first = now?.points[0];
    const isClosing = now?.kind === 'zone' && now.points.length > 2 && first !== undefined;
    if (isClosing && distance(toPixels(first, extent), at) < CLOSE_PX) return onClose();
    onPoint(toShares(at, extent));
  };
  layer.addEventListener('pointerdown', (event) => {
    if (start || event.button !== 0 || !(event.target instanceof Element)) return;
    event.preventDefault(); // prevents text selection and the default focus change
    layer.setPointerCapture(event.pointerId);
    start = pixelsOf(event);
    hasMoved = false;
    gesture += 1;
    drag = draft() ? undefined : dragOf(event.target, edits);
    if (!draft()) edits.select(drag?.shape.id);
    if (drag) onFocus(drag.shape.id, drag.corner ?? 0);
  });
  layer.addEventListener('pointermove', (event) => {
    if (!start) return;
    const to = pixelsOf(event);
    hasMoved ||= distance(start, to) >= CLICK_PX;
    if (!drag || !hasMoved) return;
    const by: Point = [to[0] - start[0], to[1] - start[1]];
    const { shape, corner } = drag;
    const moved =
      corner === undefined ? moveShape(shape, by, extent) : moveCorner(shape, corner, by, extent);
    edits.change(moved, `drag ${gesture}`);
  });
  layer.addEventListener('pointerup', (event) => {
    if (start && draft()) addPoint(pixelsOf(event));
    start = drag = undefined;
  });
  layer.addEventListener('pointercancel', () => {
    if (drag && hasMoved) edits.change(drag.shape, `drag ${gesture}`);
    start = drag = undefined;
  });
}

function dragOf(target: Element, edits: ZoneEdits): Drag | undefined {
  const marked = target.closest<HTMLElement | SVGElement>('[data-id]');
  if (!marked) return undefined;
  const shape = edits.shapes().find(({ id }) => id === Number(marked.dataset['id']));
  const { corner } = marked.dataset;
  return shape && { shape, corner: corner === undefined ? undefined : Number(corner) };
}
