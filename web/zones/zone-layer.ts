import { colourOfId } from '../../domain/result/class-colours.js';
import { element, fill } from '../dom.js';
import { formatPercent } from '../format.js';
import type { Extent, Point } from '../image/box-geometry.js';
import { arrowOf, type Shape, toPixels } from './zone-shapes.js';

const SVG = 'http://www.w3.org/2000/svg';
/** First colour of shapes, and the step to the next one: the colours between them are darker. */
const FIRST_COLOUR = 5;
const NEXT_COLOUR = 2;

/** Colour of a shape by its place in the list, as `#rrggbb`. */
export const shapeColour = (index: number): string =>
  colourOfId(FIRST_COLOUR + NEXT_COLOUR * Math.max(0, index));

/** Shape of which only the first points are set. */
export interface Draft {
  readonly kind: Shape['kind'];
  readonly points: readonly Point[];
}

interface EditedShapes {
  readonly shapes: readonly Shape[];
  readonly selectedId: number | undefined;
  readonly draft: Draft | undefined;
}

interface ZoneLayer {
  /** Overlay of the video; shapes scale with it. */
  readonly root: HTMLElement;
  /** Draws shapes for viewing only; they receive no pointer events. */
  show(shapes: readonly Shape[]): void;
  /** Draws shapes that pointer and keyboard can edit. */
  edit(edited: EditedShapes): void;
  readonly focusCorner: (id: number, corner: number) => void;
}

/** Layer of zones and lines over a video. */
export function zoneLayer(extent: Extent): ZoneLayer {
  const root = element('div', { class: 'zone-layer' });
  root.style.setProperty('--ratio', String(extent.width / extent.height));
  const drawing = svg('svg', { viewBox: `0 0 ${extent.width} ${extent.height}` });
  const labels = element('div', { class: 'zone-labels', 'aria-hidden': 'true' });
  const corners = element('div', {});
  root.append(drawing, labels, corners);
  const buttons = new Map<string, HTMLElement>();
  const drawShapes = (shapes: readonly Shape[], selectedId?: number, draft?: Draft) => {
    drawing.replaceChildren(
      ...shapes.map((shape, i) => drawShape(shape, i, extent, shape.id === selectedId)),
      ...(draft ? [drawDraft(draft, shapes.length, extent)] : []),
    );
    fill(labels, ...shapes.map(labelOf));
  };
  const drawCorners = ({ shapes, selectedId }: EditedShapes) => {
    const kept = new Set<string>();
    for (const [index, shape] of shapes.entries()) {
      for (const [corner, point] of shape.points.entries()) {
        const key = keyOf(shape.id, corner);
        const button = buttons.get(key) ?? cornerButton(shape.id, corner);
        kept.add(key);
        buttons.set(key, button);
        place(button, point);
        button.style.setProperty('--zone-colour', shapeColour(index));
        button.classList.toggle('is-selected', shape.id === selectedId);
        button.setAttribute('aria-label', describeCorner(shape, corner));
        if (!button.isConnected) corners.append(button);
      }
    }
    for (const [key, button] of buttons) {
      if (kept.has(key)) continue;
      button.remove();
      buttons.delete(key);
    }
  };
  return {
    root,
    show: (shapes) => {
      root.classList.remove('is-edited');
      root.removeAttribute('role');
      root.removeAttribute('aria-label');
      drawShapes(shapes);
      corners.replaceChildren();
      buttons.clear();
    },
    edit: (edited) => {
      root.classList.add('is-edited');
      root.classList.toggle('is-drawing', edited.draft !== undefined);
      root.setAttribute('role', 'group');
      root.setAttribute('aria-label', 'Corners of zones and lines');
      drawShapes(edited.shapes, edited.selectedId, edited.draft);
      drawCorners(edited);
    },
    focusCorner: (id, corner) => buttons.get(keyOf(id, corner))?.focus(),
  };
}

const keyOf = (id: number, corner: number) => `${id} ${corner}`;

function drawShape(shape: Shape, index: number, extent: Extent, isSelected: boolean): SVGElement {
  const points = shape.points.map((point) => toPixels(point, extent));
  const group = svg('g', { class: `zone-shape is-${shape.kind}`, 'data-id': shape.id });
  group.classList.toggle('is-selected', isSelected);
  group.style.setProperty('--zone-colour', shapeColour(index));
  const line = pathOf(points, shape.kind === 'zone');
  group.append(svg('path', { class: 'zone-halo', d: line }));
  group.append(svg('path', { class: 'zone-line', d: line }));
  const arrow = shape.kind === 'line' && arrowOf(shape.points, extent);
  if (arrow) {
    const d = arrowPath(...arrow);
    group.append(svg('path', { class: 'zone-halo', d }), svg('path', { class: 'zone-arrow', d }));
  }
  return group;
}

function drawDraft({ kind, points }: Draft, index: number, extent: Extent): SVGElement {
  const pixels = points.map((point) => toPixels(point, extent));
  const group = svg('g', { class: `zone-draft is-${kind}` });
  group.style.setProperty('--zone-colour', shapeColour(index));
  if (pixels.length > 1)
    group.append(svg('path', { class: 'zone-halo', d: pathOf(pixels, false) }));
  if (pixels.length > 1)
    group.append(svg('path', { class: 'zone-line', d: pathOf(pixels, false) }));
  // A path of no length with a round cap is a dot of a width that does not scale.
  const dots = pixels.map(([x, y]) => svg('path', { class: 'zone-dot', d: `M${x} ${y}h0` }));
  group.append(...dots);
  return group;
}

const pathOf = (points: readonly Point[], isClosed: boolean) =>
  `M${points.map((point) => point.join(' ')).join('L')}${isClosed ? 'Z' : ''}`;

/** Shaft of an arrow with two strokes at its end. */
function arrowPath(from: Point, to: Point): string {
  const [dx, dy] = [(to[0] - from[0]) / 3, (to[1] - from[1]) / 3];
  const barb = (side: 1 | -1): Point => [to[0] - dx - side * dy, to[1] - dy + side * dx];
  return `${pathOf([from, to], false)}${pathOf([barb(1), to, barb(-1)], false)}`;
}

function labelOf({ name, points }: Shape, index: number): HTMLElement {
  const label = element('span', { class: 'zone-label' }, name);
  const top = points.reduce((best, point) => (point[1] < best[1] ? point : best));
  place(label, top);
  label.classList.toggle('is-at-top', top[1] < 0.08);
  label.classList.toggle('is-at-right', top[0] > 0.6);
  label.style.setProperty('--zone-colour', shapeColour(index));
  return label;
}

function place(target: HTMLElement, [x, y]: Point): void {
  target.style.left = `${x * 100}%`;
  target.style.top = `${y * 100}%`;
}

function cornerButton(id: number, corner: number): HTMLElement {
  return element('button', {
    ...{ type: 'button', class: 'zone-corner', 'data-id': id, 'data-corner': corner },
  });
}

/** Describes a corner and its place for screen readers. */
function describeCorner({ kind, name, points }: Shape, corner: number): string {
  const [x, y] = points[corner]!; // a corner of the shape
  const ends = ['Start', 'End'] as const;
  const what = kind === 'line' ? ends[corner] : `Corner ${corner + 1} of ${points.length}`;
  return `${what} of ${name}: ${formatPercent(x)} from the left, ${formatPercent(y)} from the top`;
}

function svg(
  name: 'svg' | 'g' | 'path',
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value));
  return created;
}
