import { iou } from '../result/detection.js';
import { associate } from './associate.js';
import { boxOf, createFilter, UNIT_MS, update } from './box-filter.js';
import type { Sighting } from './match.js';
import type { LiveTrack, Track, TrackedFrame, TrackerOutput, TrackerState } from './track.js';

/** Confidence from which an object without a track begins one. */
const START_CONF = 0.6;
/** Overlap (IoU) from which a followed and a hidden track are the same object. */
const DUPLICATE_IOU = 0.85;

/** Time for which a track without an object is kept, in milliseconds, ... */
const HIDDEN_MS = 1000;
/** ... but at least this number of intervals between sampled frames. */
const HIDDEN_INTERVALS = 2;

/** State of a tracker before the first frame. */
export function startTracker(): TrackerState {
  return { next_id: 1, last: null, last_ms: 0, interval_ms: null, tracks: [] };
}

/**
 * Follows objects by ByteTrack: boxes with a high confidence are associated with the predicted boxes
 * of all tracks first, then those with a low confidence with the tracks that are left (source at
 * `box-filter.ts`). Thresholds are those of its reference code. Differences:
 *
 * - time is that of the frames, so that skipped and sparsely sampled frames count by their time;
 * - boxes get a margin if frames are more than a 30th of a second apart;
 * - the first object of a track gets its id when the second one confirms the track;
 * - only objects of one class are associated.
 *
 * Changes the state. The same frames give the same ids, also if the state was serialised in between.
 */
export function trackFrame(state: TrackerState, frame: TrackedFrame): TrackerOutput {
  const { timestamp_ms, objects } = frame;
  const elapsed = elapsedMs(state, timestamp_ms);
  const expired = takeOut(state, (track) => isExpired(state, track, timestamp_ms));
  const { seen, unseen, unmatched } = associate(state.tracks, objects, elapsed / UNIT_MS);
  const ids = objects.map((): number | null => null);
  for (const [track, sighting] of seen) ids[sighting.index] = see(state, track, frame, sighting);
  for (const track of unseen) track.missed++;
  takeOut(state, ({ id, missed }) => id === null && missed > 0);
  const doubled = takeOut(state, isDuplicateIn(state.tracks));
  state.tracks.push(
    ...unmatched.filter(({ conf }) => conf >= START_CONF).map((sighting) => begin(frame, sighting)),
  );
  const frames = state.last ? [state.last] : [];
  state.interval_ms = state.last ? elapsed : null;
  state.last = { frame: frame.frame, ids };
  state.last_ms = timestamp_ms;
  return { frames, ended: [...expired, ...doubled].flatMap(toTrack) };
}

/** Returns the tracks that have had no object for too long at a time, and removes them from the state. */
export function endExpired(state: TrackerState, nowMs: number): TrackerOutput {
  const expired = takeOut(state, (track) => isExpired(state, track, nowMs));
  return { frames: [], ended: expired.flatMap(toTrack) };
}

/** Returns the ids of the last frame and all tracks that have not ended; the state is then empty. */
export function finishTracker(state: TrackerState): TrackerOutput {
  const output = { frames: state.last ? [state.last] : [], ended: state.tracks.flatMap(toTrack) };
  Object.assign(state, { ...startTracker(), next_id: state.next_id });
  return output;
}

/** Time since the last frame in milliseconds; one unit if the times of the video do not rise. */
function elapsedMs({ last, last_ms }: TrackerState, nowMs: number): number {
  return last && nowMs > last_ms ? nowMs - last_ms : UNIT_MS;
}

function isExpired({ interval_ms }: TrackerState, { to_ms }: LiveTrack, nowMs: number): boolean {
  if (interval_ms === null) return false;
  return nowMs - to_ms > Math.max(HIDDEN_MS, HIDDEN_INTERVALS * interval_ms);
}

/** Updates a track by its object; the second object confirms it. Returns its id. */
function see(state: TrackerState, track: LiveTrack, frame: TrackedFrame, object: Sighting): number {
  update(track.filter, object.box);
  track.missed = 0;
  track.to_ms = frame.timestamp_ms;
  if (object.conf > track.max_conf) {
    track.max_conf = object.conf;
    track.best_frame = frame.frame;
  }
  return track.id ?? confirm(state, track);
}

/** Gives an id to a track, and to its first object, which is in the last frame. */
function confirm(state: TrackerState, track: LiveTrack): number {
  const id = state.next_id++;
  track.id = id;
  const { last } = state;
  if (last) state.last = { ...last, ids: last.ids.with(track.born, id) };
  return id;
}

function begin(frame: TrackedFrame, { index, class: name, box, conf }: Sighting): LiveTrack {
  const { frame: best_frame, timestamp_ms } = frame;
  return {
    ...{ id: null, class: name, from_ms: timestamp_ms, to_ms: timestamp_ms },
    ...{ max_conf: conf, best_frame, missed: 0, born: index, filter: createFilter(box) },
  };
}

/** Of a followed and a hidden track at the same place, the one that was followed for less time ends. */
function isDuplicateIn(tracks: readonly LiveTrack[]): (track: LiveTrack) => boolean {
  const dropped = new Set<LiveTrack>();
  const hidden = tracks.filter(({ missed }) => missed > 0);
  const boxes = hidden.map(({ filter }) => boxOf(filter));
  for (const track of hidden.length > 0 ? tracks : []) {
    if (track.missed > 0) continue;
    const box = boxOf(track.filter);
    for (const [i, other] of hidden.entries()) {
      const isSame = track.class === other.class && iou(box, boxes[i]!) > DUPLICATE_IOU;
      if (isSame) dropped.add(lengthOf(track) > lengthOf(other) ? other : track);
    }
  }
  return (track) => dropped.has(track);
}

function lengthOf({ from_ms, to_ms }: LiveTrack): number {
  return to_ms - from_ms;
}

/** Removes tracks from the state; returns them. */
function takeOut(state: TrackerState, isOut: (track: LiveTrack) => boolean): LiveTrack[] {
  const out = new Set(state.tracks.filter(isOut));
  if (out.size > 0) state.tracks = state.tracks.filter((track) => !out.has(track));
  return [...out];
}

/** Track as it is reported; none if it was not confirmed. */
function toTrack({ id, class: name, from_ms, to_ms, max_conf, best_frame }: LiveTrack): Track[] {
  return id === null ? [] : [{ id, class: name, from_ms, to_ms, max_conf, best_frame }];
}
