import { AppError } from '../errors.js';
import { expectId } from './ids.js';

/** What is drawn on a clip: all objects, none, or those of one track. @example 'track-7' */
export type ClipBoxes = 'all' | 'none' | `track-${number}`;

/** Clip of the video of a job: its frames `[from_ms, to_ms)`, in ms to a thousandth, and their boxes. */
export interface ClipId {
  readonly event_id: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly boxes: ClipBoxes;
}

/** Prefix of the keys of the clips of a job, and of their marks. */
export function clipPrefix(eventId: string): string {
  return `results/${expectId('an event_id', eventId)}.clip/`;
}

/** Pattern of {@link ClipBoxes}. */
export const CLIP_BOXES = /^(?:all|none|track-[1-9]\d{0,14})$/;
const CLIP_NAME = /^(\d+(?:\.\d{1,3})?)_(\d+(?:\.\d{1,3})?)\.(all|none|track-\d+)(?:\.mp4)?$/;

/** Name of a clip in keys and workflow ids. @example '12000_20000.track-7' */
export function nameClip({ from_ms, to_ms, boxes }: ClipId): string {
  const name = `${from_ms}_${to_ms}.${boxes}`;
  if (CLIP_NAME.test(name) && CLIP_BOXES.test(boxes)) return name;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a clip of times in ms to a thousandth and the boxes "all", "none" or "track-1", received ${JSON.stringify(name.slice(0, 80))}`,
  );
}

/** Returns the clip whose object or mark has a key; undefined for another key. */
export function clipOfKey(eventId: string, key: string): ClipId | undefined {
  const [, from, to, boxes] = CLIP_NAME.exec(key.slice(clipPrefix(eventId).length)) ?? [];
  if (from === undefined) return undefined;
  const clip = { event_id: eventId, from_ms: Number(from), to_ms: Number(to) };
  return { ...clip, boxes: boxes as ClipBoxes }; // the pattern has matched it
}
