import type { Size } from '../result/detection.js';
import type { TrackPosition, ZoneEvent } from './zone-event.js';
import { type Border, borderOf, endZone, stepZone, type ZoneState } from './zone-watch.js';
import type { ZoneOrLine } from './zone.js';

/** Position of a track in a frame. */
export interface TrackedObject extends TrackPosition {
  readonly track_id: number;
  readonly class: string;
}

/** State of a track at all zones that count its class, as JSON. */
interface TrackState {
  readonly class: string;
  readonly time_ms: number;
  readonly zones: Readonly<Record<string, ZoneState>>;
}

/** State of a watch as JSON, by track id. */
export type ZonesState = Readonly<Record<string, TrackState>>;

/** Watch of zones and lines over the objects of consecutive frames. */
export interface ZoneWatch {
  /** Returns the events that the objects of a frame cause. */
  add(objects: readonly TrackedObject[]): readonly ZoneEvent[];
  /** Returns the events of tracks that have ended, and forgets these. */
  end(trackIds: readonly number[]): readonly ZoneEvent[];
  /** Returns the events of the end of all tracks. */
  endAll(): readonly ZoneEvent[];
  /** Ids of those of the tracks that are in a zone, by its name; without zones that have none. */
  inside(trackIds: readonly number[]): Readonly<Record<string, readonly number[]>>;
  /** State with which another watch continues. */
  state(): ZonesState;
}

/**
 * Watches zones and lines.
 * @param size size of the frames in pixels
 * @param state state of an earlier watch that this one continues
 */
export function watchZones(
  zones: readonly ZoneOrLine[],
  size: Size,
  state: ZonesState = {},
): ZoneWatch {
  const borders = zones.map((zone) => borderOf(zone, size));
  const tracks = new Map(Object.entries(state).map(([id, track]) => [Number(id), track]));

  const add = (object: TrackedObject): readonly ZoneEvent[] => {
    const known = tracks.get(object.track_id);
    const track = { id: object.track_id, class: known?.class ?? object.class };
    const steps = bordersOf(borders, track.class).map((border) => {
      const { name } = border.zone;
      return [name, stepZone(border, track, known?.zones[name], object)] as const;
    });
    tracks.set(track.id, {
      ...{ class: track.class, time_ms: object.time_ms },
      zones: Object.fromEntries(steps.map(([name, [next]]) => [name, next])),
    });
    return steps.flatMap(([, [, events]]) => events);
  };
  const end = (id: number): readonly ZoneEvent[] => {
    const track = tracks.get(id);
    if (!track) return [];
    tracks.delete(id);
    return bordersOf(borders, track.class).flatMap((border) => {
      const at = track.zones[border.zone.name];
      return at ? endZone(border, { id, class: track.class }, at, track.time_ms) : [];
    });
  };
  const inside = (ids: readonly number[]) => {
    const found: Record<string, number[]> = {};
    for (const id of ids) {
      for (const [zone, { since_ms }] of Object.entries(tracks.get(id)?.zones ?? {})) {
        if (since_ms !== undefined) (found[zone] ??= []).push(id);
      }
    }
    return found;
  };
  return {
    inside,
    add: (objects) => objects.flatMap(add),
    end: (ids) => ids.flatMap(end),
    endAll: () => [...tracks.keys()].flatMap(end),
    state: () => Object.fromEntries(tracks),
  };
}

/** Borders that count a class. */
function bordersOf(borders: readonly Border[], name: string): readonly Border[] {
  return borders.filter(({ zone }) => zone.classes === undefined || zone.classes.includes(name));
}
