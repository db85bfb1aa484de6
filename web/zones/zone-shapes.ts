import type { ZoneOrLine } from '../../api/types.js';
import { crossesItself, polygonArea, toPoints } from '../../domain/zone/geometry.js';
import { type Box, centredBox, type Extent, moveBox, type Point } from '../image/box-geometry.js';

/** Zone or line that is being edited. Points are shares of the frame; the id is stable. */
export interface Shape {
  readonly id: number;
  readonly kind: ZoneOrLine['kind'];
  readonly name: string;
  readonly points: readonly Point[];
  readonly classes?: readonly string[] | undefined;
}

/** Length of the arrow of a line, as a share of the shorter side of the frame. */
const ARROW = 0.09;
/** Pattern of the names of zones. */
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** Shapes of stored zones. */
export function shapesOf(zones: readonly ZoneOrLine[]): readonly Shape[] {
  return zones.map((zone, id) => ({ ...zone, id, points: toPoints(zone.points) }));
}

/** Zones as they are stored. */
export function zonesOf(shapes: readonly Shape[]): readonly ZoneOrLine[] {
  return shapes.map(({ id: _, points, classes, ...zone }) => ({
    ...zone,
    points: points.map((point) => [...point]),
    ...(classes && { classes: [...classes] }),
  }));
}

/** Point of the frame in pixels. */
export const toPixels = ([x, y]: Point, { width, height }: Extent): Point => [
  x * width,
  y * height,
];

/** Point in pixels as shares of the frame, moved into it. */
export function toShares([x, y]: Point, { width, height }: Extent): Point {
  const clamp = (share: number) => Math.min(1, Math.max(0, share));
  return [clamp(x / width), clamp(y / height)];
}

/** Moves one corner by pixels; it stops at the edges of the frame. */
export function moveCorner(shape: Shape, corner: number, by: Point, extent: Extent): Shape {
  const points = shape.points.map((point, i) => {
    if (i !== corner) return point;
    const [x, y] = toPixels(point, extent);
    return toShares([x + by[0], y + by[1]], extent);
  });
  return { ...shape, points };
}

/** Moves a shape by pixels; it stops at the edges of the frame. */
export function moveShape(shape: Shape, by: Point, extent: Extent): Shape {
  const pixels = shape.points.map((point) => toPixels(point, extent));
  const box = boxOf(pixels);
  const [x, y] = moveBox(box, by, extent);
  const moved = ([px, py]: Point) => toShares([px + x - box[0], py + y - box[1]], extent);
  return { ...shape, points: pixels.map(moved) };
}

function boxOf(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Removes a corner; undefined if too few would be left. */
export function removeCorner(shape: Shape, corner: number): Shape | undefined {
  if (shape.kind === 'line' || shape.points.length <= 3) return undefined;
  return { ...shape, points: shape.points.filter((_, i) => i !== corner) };
}

/** Points of a shape that is added by keyboard: in the middle of the frame. */
export function centredPoints(kind: Shape['kind'], extent: Extent): readonly Point[] {
  const [left, top, right, bottom] = centredBox(extent);
  const middle = (top + bottom) / 2;
  const zone: readonly Point[] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  const line: readonly Point[] = [
    [left, middle],
    [right, middle],
  ];
  return (kind === 'zone' ? zone : line).map((point) => toShares(point, extent));
}

/** Arrow from the middle of a line to its right, in pixels: an object that moves along it is `in`. */
export function arrowOf(
  [start, end]: readonly Point[],
  extent: Extent,
): readonly [from: Point, to: Point] | undefined {
  if (!start || !end) return undefined;
  const [[ax, ay], [bx, by]] = [toPixels(start, extent), toPixels(end, extent)];
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return undefined;
  const arrow = (ARROW * Math.min(extent.width, extent.height)) / length;
  const from: Point = [(ax + bx) / 2, (ay + by) / 2];
  return [from, [from[0] - (by - ay) * arrow, from[1] + (bx - ax) * arrow]];
}

/** First name of a kind that no shape has. @example nextName('zone', []) // 'zone-1' */
export function nextName(kind: Shape['kind'], shapes: readonly Pick<Shape, 'name'>[]): string {
  const used = new Set(shapes.map(({ name }) => name));
  let number = 1;
  while (used.has(`${kind}-${number}`)) number++;
  return `${kind}-${number}`;
}

/** First problem that keeps shapes from being stored, and its shape; undefined if there is none. */
export function findProblem(
  shapes: readonly Shape[],
): { readonly id: number; readonly text: string } | undefined {
  for (const { id, kind, name, points } of shapes) {
    if (!NAME.test(name)) {
      return { id, text: `Name “${name}”: use 1 to 128 letters, digits, “_” or “-”.` };
    }
    if (shapes.some((other) => other.id !== id && other.name === name)) {
      return { id, text: `Two shapes are named ${name}. Rename one of them.` };
    }
    if (kind === 'zone' && crossesItself(points)) {
      return { id, text: `The sides of ${name} cross each other. Move a corner.` };
    }
    if (kind === 'zone' && Math.abs(polygonArea(points)) < 1e-4) {
      return { id, text: `${name} is too small. Move its corners apart.` };
    }
  }
  return undefined;
}
