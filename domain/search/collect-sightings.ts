import type { StoredObject } from '../result/detection.js';
import type { SightingSpan } from './sighting.js';

/** Pause in ms after which objects of a class belong to another sighting. */
export const SIGHTING_PAUSE_MS = 2000;

/** Object of a row; rows of jobs without tracks have no `track_id`. */
interface SightedObject extends StoredObject {
  readonly track_id?: number;
}

/** Row of a job or of a camera. */
export interface SightedRow {
  readonly frame: number;
  readonly timestamp_ms: number;
  readonly objects: readonly SightedObject[];
}

/** Makes sightings of rows that are added in the order of time. */
export interface SightingCollector {
  /** Adds a row; returns the spans that have ended before it. */
  add(row: SightedRow): SightingSpan[];
  /** Ends all spans and returns them. */
  end(): SightingSpan[];
  /** The spans that have not ended. */
  open(): SightingSpan[];
}

interface CollectorOptions {
  readonly every?: number;
  readonly pauseMs?: number;
}

/** A span that may continue. */
interface OpenSpan {
  span: SightingSpan;
  lastFrame: number;
}

/**
 * Creates a collector. A span ends if its class (or its track) is missing for more than the pause, and,
 * with `every`, in at least one frame; so consecutive rows that are further apart are joined.
 * @param every distance of the frames of two consecutive rows; 0 if it says nothing about time
 */
export function createSightingCollector({
  every = 0,
  pauseMs = SIGHTING_PAUSE_MS,
}: CollectorOptions): SightingCollector {
  const spans = new Map<string, OpenSpan>();
  const takeEnded = (row: SightedRow): SightingSpan[] => {
    const ended = [...spans].filter(
      ([, { span, lastFrame }]) =>
        row.timestamp_ms - span.to_ms > pauseMs && row.frame - lastFrame > every,
    );
    for (const [key] of ended) spans.delete(key);
    return ended.map(([, { span }]) => span);
  };
  return {
    add(row) {
      const ended = takeEnded(row);
      for (const [key, object] of bestByKey(row)) {
        const span = extend(spans.get(key)?.span, row, object);
        spans.set(key, { span, lastFrame: row.frame });
      }
      return ended;
    },
    end() {
      const left = [...spans.values()].map(({ span }) => span);
      spans.clear();
      return left;
    },
    open: () => [...spans.values()].map(({ span }) => span),
  };
}

/** The object with the highest confidence of each class or track of a row. */
function bestByKey({ objects }: SightedRow): Map<string, SightedObject> {
  const best = new Map<string, SightedObject>();
  for (const object of objects) {
    const key = `${object.track_id ?? ''}/${object.class}`;
    if (object.conf > (best.get(key)?.conf ?? -1)) best.set(key, object);
  }
  return best;
}

function extend(
  span: SightingSpan | undefined,
  { frame, timestamp_ms }: SightedRow,
  { class: name, track_id, conf, box }: SightedObject,
): SightingSpan {
  const best = { frame, timestamp_ms, box };
  if (!span) {
    return {
      class: name,
      ...(track_id !== undefined && { track_id }),
      ...{ from_ms: timestamp_ms, to_ms: timestamp_ms, first_frame: frame, frames: 1 },
      ...{ max_conf: conf, best },
    };
  }
  const isBest = conf > span.max_conf;
  return {
    ...span,
    ...{ to_ms: timestamp_ms, frames: span.frames + 1 },
    ...(isBest && { max_conf: conf, best }),
  };
}
