import { area, type Bbox, type Size } from '../result/detection.js';
import {
  depthInPolygon,
  distanceFromLine,
  perimeter,
  type Point,
  polygonArea,
  segmentsMeet,
  toPoints,
} from './geometry.js';
import type { TrackPosition, ZoneEvent } from './zone-event.js';
import type { ZoneOrLine } from './zone.js';

/**
 * Distance from a border that an object must reach to be on the other side, as a share of the square
 * root of the area of its box: the noise of a box grows with its size.
 */
const MARGIN = 0.1;

/** Side of a border: 1 inside of a zone or right of a line, -1 on the other side. */
type Side = 1 | -1;

/** State of one track at one zone or line, as JSON. */
export interface ZoneState {
  /** Side on which the object is. */
  readonly side: Side;
  readonly last: Point;
  /** In a zone: time of the entry. */
  readonly since_ms?: number;
  /** Time of the first position on the other side, while the margin is not reached. */
  readonly changing_ms?: number;
  /** At a line: whether the last passage to the other side was between the ends of the line. */
  readonly met?: boolean;
}

/** Track whose positions are followed. */
export interface WatchedTrack {
  readonly id: number;
  readonly class: string;
}

/** State after a position, and the events that it caused. */
export type ZoneStep = readonly [state: ZoneState, events: readonly ZoneEvent[]];

/** Zone or line in pixels of the frame, ready to be compared with positions. */
export interface Border {
  readonly zone: ZoneOrLine;
  /** Signed distance of a point from the border in pixels, above 0 inside or on the right. */
  depthOf(point: Point): number;
  /** Whether a movement passes between the ends of a line; always true for a zone. */
  isPassed(from: Point, to: Point): boolean;
  /** Largest margin at which each position in the zone can still count, in pixels. */
  readonly marginMax: number;
}

/** Scales a zone or line to a frame. */
export function borderOf(zone: ZoneOrLine, { width, height }: Size): Border {
  const points = toPoints(zone.points).map(([x, y]): Point => [x * width, y * height]);
  if (zone.kind === 'zone') {
    return {
      zone,
      depthOf: (point) => depthInPolygon(points, point),
      isPassed: () => true,
      marginMax: Math.abs(polygonArea(points)) / perimeter(points) / 2,
    };
  }
  const [start, end] = points as [Point, Point]; // by the schema of a line
  return {
    zone,
    depthOf: (point) => distanceFromLine(start, end, point),
    isPassed: (from, to) => segmentsMeet(start, end, from, to),
    marginMax: Infinity,
  };
}

/** Point that stands for an object: the middle of the lower side of its box, where it stands. */
export function anchorOf([left, , right, bottom]: Bbox): Point {
  return [(left + right) / 2, bottom];
}

/**
 * Follows a track by one position. A change of side counts when the object is further from the border
 * than the margin, so that one whose box trembles on the border counts once. The time of an event is
 * that of the first position on the new side.
 * @param state state after the position before; undefined at the first one
 */
export function stepZone(
  border: Border,
  track: WatchedTrack,
  state: ZoneState | undefined,
  { time_ms, box }: TrackPosition,
): ZoneStep {
  const last = anchorOf(box);
  const depth = border.depthOf(last);
  const side: Side = depth > 0 ? 1 : -1;
  if (!state) return begin(border, track, { side, last }, time_ms);

  const { changing_ms = time_ms, since_ms, met } = state;
  const stay = { side: state.side, last, ...(since_ms !== undefined && { since_ms }) };
  if (side === state.side) return [stay, []];
  const isNew = border.depthOf(state.last) > 0 !== depth > 0;
  const isMet = isNew ? border.isPassed(state.last, last) : met === true;
  const margin = Math.min(border.marginMax, MARGIN * Math.sqrt(area(box)));
  if (Math.abs(depth) < margin) return [{ ...stay, changing_ms, met: isMet }, []];
  const changed = { side, last, ...(isZone(border) && side > 0 && { since_ms: changing_ms }) };
  return [changed, isMet ? [changeOf(border, track, state, changing_ms)] : []];
}

/** Returns the event of the end of a track in a zone, whose last position was at `time_ms`. */
export function endZone(
  border: Border,
  track: WatchedTrack,
  { since_ms }: ZoneState,
  time_ms: number,
): readonly ZoneEvent[] {
  if (since_ms === undefined) return [];
  return [{ ...leave(border, track, since_ms, time_ms), vanished: true }];
}

const isZone = ({ zone }: Border) => zone.kind === 'zone';

function begin(border: Border, track: WatchedTrack, state: ZoneState, time_ms: number): ZoneStep {
  if (!isZone(border) || state.side < 0) return [state, []];
  const entry = { ...enter(border, track, time_ms), appeared: true } as const;
  return [{ ...state, since_ms: time_ms }, [entry]];
}

/** Event of a change from the side of a state. */
function changeOf(
  border: Border,
  track: WatchedTrack,
  { side, since_ms = 0 }: ZoneState,
  time_ms: number,
): ZoneEvent {
  if (!isZone(border)) {
    return {
      ...eventOf(border, track, time_ms),
      kind: 'crossed',
      direction: side < 0 ? 'in' : 'out',
    };
  }
  return side < 0 ? enter(border, track, time_ms) : leave(border, track, since_ms, time_ms);
}

const eventOf = ({ zone }: Border, track: WatchedTrack, time_ms: number) => ({
  ...{ zone: zone.name, track_id: track.id, class: track.class },
  time_ms,
});

const enter = (border: Border, track: WatchedTrack, time_ms: number) =>
  ({ ...eventOf(border, track, time_ms), kind: 'entered' }) as const;

const leave = (border: Border, track: WatchedTrack, since_ms: number, time_ms: number) =>
  ({
    ...eventOf(border, track, time_ms),
    kind: 'left',
    dwell_ms: time_ms - since_ms,
  }) as const;
