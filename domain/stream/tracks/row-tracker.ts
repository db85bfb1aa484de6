import type { Size } from '../../result/detection.js';
import type { TrackerOutput, TrackerState } from '../../track/track.js';
import { endExpired, finishTracker, startTracker, trackFrame } from '../../track/tracker.js';
import { watchZones, type ZonesState } from '../../zone/watch-zones.js';
import type { ZoneEvent } from '../../zone/zone-event.js';
import type { ZoneOrLine } from '../../zone/zone.js';
import { isGap, type LogEntry } from '../entry.js';
import type { StreamGap } from '../gap.js';
import type { StoredRow } from '../row.js';
import type { CameraZoneEvent } from './row-tracks.js';

/** State of the tracks of a scenario after a row of its log, as JSON. */
export interface TracksState {
  /** Number of the row; 0 before the first one. */
  readonly row: number;
  readonly tracker: TrackerState;
  /** Size of the frames in pixels; null before the first tracked row. */
  readonly size: Size | null;
  readonly zones: ZonesState;
}

/** Follows the objects of a scenario from row to row, and at its zones and lines. */
export interface RowTracker {
  readonly state: TracksState;
  /**
   * Returns an entry with what is known of its tracks. An object has an id from the second row of its
   * track on: the first one is stored before the second confirms the track. Rows without `tracks` are
   * not followed. Entries are in the order of the log; the same ones give the same ids and events.
   */
  readonly add: (entry: LogEntry) => LogEntry;
  /** Follows other zones from the next row on; tracks leave the ones before. Returns whether they differ. */
  setZones(zones: readonly ZoneOrLine[]): boolean;
  /** Ends all tracks; returns the events of those in a zone. */
  finish(): readonly CameraZoneEvent[];
}

const EMPTY: Size = { width: 0, height: 0 };

/** State before the first row. @param nextId lowest id that was not used. */
export function startTracks(row = 0, nextId = 1): TracksState {
  return { row, tracker: { ...startTracker(), next_id: nextId }, size: null, zones: {} };
}

/** Creates a tracker that continues from a state, which it changes. */
export function createRowTracker(
  initialZones: readonly ZoneOrLine[],
  start: TracksState = startTracks(),
): RowTracker {
  const { tracker } = start;
  let { row, size } = start;
  let zones = initialZones;
  let watch = watchZones(zones, size ?? EMPTY, start.zones);
  /** Events that the next row gets. */
  let due: readonly CameraZoneEvent[] = [];

  /** Adds the number of the row and the confidence to events of tracks. */
  function describe(events: readonly ZoneEvent[], ended: TrackerOutput['ended'] = []) {
    const found = new Map([...ended, ...tracker.tracks].map((track) => [track.id, track.max_conf]));
    return events.map((event): CameraZoneEvent => {
      return { ...event, frame_number: row, confidence: found.get(event.track_id) ?? 0 };
    });
  }

  function endTracks({ ended }: TrackerOutput): CameraZoneEvent[] {
    return describe(watch.end(ended.map(({ id }) => id)), ended);
  }

  /** Begins with frames of another size: boxes before and after cannot be compared. */
  function resize(next: Size): CameraZoneEvent[] {
    if (size?.width === next.width && size.height === next.height) return [];
    const events = describe(watch.endAll());
    size = next;
    watch = watchZones(zones, size);
    return events;
  }

  function addRow({ tracks, ...entry }: StoredRow): StoredRow {
    if (!tracks) return entry;
    const resized = resize(tracks.size);
    row = entry.frame_number;
    const { ids, output } = follow(tracker, entry);
    const detections = entry.detections.map(({ track_id: _, ...object }, index) => {
      const id = ids[index];
      return typeof id === 'number' ? { ...object, track_id: id } : object;
    });
    const time_ms = Date.parse(entry.timestamp);
    const objects = detections.flatMap((object) =>
      'track_id' in object
        ? [{ track_id: object.track_id, class: object.class, time_ms, box: object.bbox }]
        : [],
    );
    const passed = [...endTracks(output), ...describe(watch.add(objects))];
    const events = [...due, ...resized, ...passed];
    due = [];
    const inside = watch.inside(objects.map(({ track_id }) => track_id));
    return {
      ...{ ...entry, detections },
      tracks: {
        size: tracks.size,
        ...(Object.keys(inside).length > 0 && { inside }),
        ...(events.length > 0 && { events }),
      },
    };
  }

  function addGap({ tracks: _, ...entry }: StreamGap): StreamGap {
    const events = endTracks(endExpired(tracker, Date.parse(entry.gap.to)));
    return events.length > 0 ? { ...entry, tracks: { events } } : entry;
  }

  return {
    add: (entry) => (isGap(entry) ? addGap(entry) : addRow(entry)),
    setZones(next) {
      if (JSON.stringify(next) === JSON.stringify(zones)) return false;
      due = [...due, ...describe(watch.endAll())];
      zones = next;
      watch = watchZones(zones, size ?? EMPTY);
      return true;
    },
    finish: () => {
      const output = finishTracker(tracker);
      const events = [...due, ...describe(watch.endAll(), output.ended)];
      due = [];
      return events;
    },
    get state() {
      return { row, tracker, size, zones: watch.state() };
    },
  };
}

/** Follows the objects of a row; returns their ids, which are null before a track is confirmed. */
function follow(tracker: TrackerState, { frame_number, timestamp, detections }: StoredRow) {
  const objects = detections.map(({ class: name, confidence, bbox }) => ({
    ...{ class: name, conf: confidence, box: bbox },
  }));
  const frame = { frame: frame_number, timestamp_ms: Date.parse(timestamp), objects };
  const output = trackFrame(tracker, frame);
  return { output, ids: tracker.last?.ids ?? [] };
}
