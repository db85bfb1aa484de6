/** `[x, y]`, in shares of the frame or in pixels, with y downwards. */
export type Point = readonly [x: number, y: number];

/** Points of lists of coordinates, which have two each. */
export function toPoints(lists: readonly (readonly number[])[]): Point[] {
  return lists.map(([x = 0, y = 0]) => [x, y]);
}

/** Twice the signed area of the triangle a, b, p: above 0 if p is right of a to b, with y downwards. */
export function sideOf([ax, ay]: Point, [bx, by]: Point, [px, py]: Point): number {
  return (bx - ax) * (py - ay) - (by - ay) * (px - ax);
}

/** Signed distance of a point from the endless line through a and b, above 0 on its right. */
export function distanceFromLine(a: Point, b: Point, p: Point): number {
  return sideOf(a, b, p) / Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Distance of a point from the segment a to b. */
export function distanceFromSegment(a: Point, b: Point, p: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length : 0;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/** Whether the segments a to b and c to d have a point in common. */
export function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [c1, d1, a1, b1] = [sideOf(a, b, c), sideOf(a, b, d), sideOf(c, d, a), sideOf(c, d, b)];
  if (c1 === 0 && d1 === 0) return overlaps(a, b, c, d);
  return c1 * d1 <= 0 && a1 * b1 <= 0;
}

/** Whether the bounding boxes of two segments on one line overlap. */
function overlaps(a: Point, b: Point, c: Point, d: Point): boolean {
  return [0, 1].every((axis) => {
    const [first, second] = [
      [a[axis]!, b[axis]!],
      [c[axis]!, d[axis]!],
    ] as const; // points have two coordinates
    return Math.max(...first) >= Math.min(...second) && Math.max(...second) >= Math.min(...first);
  });
}

/** Sides of a polygon. */
function sidesOf(polygon: readonly Point[]): (readonly [Point, Point])[] {
  return polygon.map((corner, index) => [corner, polygon[(index + 1) % polygon.length]!]); // in range
}

/** Signed area of a polygon by the shoelace formula. */
export function polygonArea(polygon: readonly Point[]): number {
  return sidesOf(polygon).reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0) / 2;
}

/** Length of the sides of a polygon. */
export function perimeter(polygon: readonly Point[]): number {
  return sidesOf(polygon).reduce(
    (sum, [[ax, ay], [bx, by]]) => sum + Math.hypot(bx - ax, by - ay),
    0,
  );
}

/** Whether two sides of a polygon that are not neighbours meet, or neighbours overlap. */
export function crossesItself(polygon: readonly Point[]): boolean {
  const sides = sidesOf(polygon);
  const last = sides.length - 1;
  return sides.some(([a, b], i) =>
    sides.slice(i + 1).some(([c, d], offset) => {
      const j = i + 1 + offset;
      if (j === i + 1) return foldsBack(a, b, d);
      if (i === 0 && j === last) return foldsBack(c, d, b);
      return segmentsMeet(a, b, c, d);
    }),
  );
}

/** Whether the side b to c, after a to b, runs back over it. */
function foldsBack(a: Point, b: Point, c: Point): boolean {
  const along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
  return sideOf(a, b, c) === 0 && along <= 0;
}

/** Signed distance of a point from the border of a polygon, above 0 inside (even-odd rule). */
export function depthInPolygon(polygon: readonly Point[], p: Point): number {
  let inside = false;
  let nearest = Infinity;
  for (const [a, b] of sidesOf(polygon)) {
    nearest = Math.min(nearest, distanceFromSegment(a, b, p));
    const isBetween = a[1] > p[1] !== b[1] > p[1];
    if (isBetween && p[0] < a[0] + ((p[1] - a[1]) * (b[0] - a[0])) / (b[1] - a[1]))
      inside = !inside;
  }
  return inside ? nearest : -nearest;
}
