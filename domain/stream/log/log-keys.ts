import { AppError } from '../../errors.js';
import { expectScenarioUuid } from '../../names.js';

/**
 * Epoch of an owner of a camera: the window of its workflow and the attempt of its activity. Each
 * owner has an epoch of its own, and texts of epochs are in the order in which owners were started.
 * @example epochOf(12, 3) // '000000012-0000000003'
 */
export function epochOf(window: number, attempt: number): string {
  return expectEpoch(`${digits(window, 9)}-${digits(attempt, 10)}`);
}

/** Temporal counts attempts with 32 bits: they have at most 10 digits. */
const EPOCH = /^\d{9}-\d{10}$/;

/** Returns the window of an epoch. @example windowOf('000000012-000003') // 12 */
export function windowOf(epoch: string): number {
  return Number(expectEpoch(epoch).slice(0, 9));
}

/** A segment: an immutable object with the entries of about a minute. */
export interface SegmentRef {
  /** UTC date of its start. @example '2026-01-11' */
  readonly day: string;
  /** Number of its first row; without rows, of the next row. */
  readonly first: number;
  readonly epoch: string;
  /** Its rank among the segments of its epoch, from 0. */
  readonly index: number;
}

/** A chunk: an immutable object with the newest entries of a segment that is not yet stored. */
export interface ChunkRef {
  readonly epoch: string;
  /** Index of that segment. */
  readonly segment: number;
  /** Rank among the chunks of that segment, from 0. */
  readonly chunk: number;
}

/** Segments of a day that were joined into a few objects of several MB. */
export interface DayPartRef extends Pick<SegmentRef, 'day' | 'first'> {
  /** Rank within the day, from 0. */
  readonly part: number;
}

/** Object keys of a log. Each object has only one content ever: writing it again changes nothing. */
export const logKeys = {
  /** Prefix of all objects of a scenario. */
  scenario: (uuid: string) => `${expectScenarioUuid(uuid)}/`,
  fences: (uuid: string) => `${expectScenarioUuid(uuid)}/epochs/`,
  opened: (uuid: string, epoch: string) => `${logKeys.fences(uuid)}${expectEpoch(epoch)}.open.json`,
  base: (uuid: string, epoch: string) => `${logKeys.fences(uuid)}${expectEpoch(epoch)}.base.json`,
  chunks: (uuid: string) => `${expectScenarioUuid(uuid)}/tail/`,
  chunksOf: (uuid: string, epoch: string) => `${logKeys.chunks(uuid)}${expectEpoch(epoch)}/`,
  chunk: (uuid: string, { epoch, segment, chunk }: ChunkRef) =>
    `${logKeys.chunksOf(uuid, epoch)}${digits(segment, 6)}-${digits(chunk, 6)}.jsonl`,
  segments: (uuid: string) => `${expectScenarioUuid(uuid)}/rows/`,
  segment: (uuid: string, ref: SegmentRef) => `${logKeys.segments(uuid)}${segmentName(ref)}.jsonl`,
  /** States of the tracks of a scenario, by the row that they follow. */
  tracksOf: (uuid: string) => `${expectScenarioUuid(uuid)}/tracks/`,
  tracks: (uuid: string, row: number) => `${logKeys.tracksOf(uuid)}${digits(row, 12)}.json`,
  days: (uuid: string) => `${expectScenarioUuid(uuid)}/days/`,
  dayPart: (uuid: string, { day, part, first }: DayPartRef) =>
    `${logKeys.days(uuid)}${day}/${digits(part, 6)}-${digits(first, 12)}.jsonl`,
} as const;

const SEGMENT = /\/rows\/(\d{4}-\d\d-\d\d)\/(\d{12})-(\d{9}-\d{10})-(\d{6})\.jsonl$/;
const CHUNK = /\/tail\/(\d{9}-\d{10})\/(\d{6})-(\d{6})\.jsonl$/;
const DAY_PART = /\/days\/(\d{4}-\d\d-\d\d)\/(\d{6})-(\d{12})\.jsonl$/;
const TRACKS = /\/tracks\/(\d{12})\.json$/;
const FENCE = /\/epochs\/(\d{9}-\d{10})\.(open|base)\.json$/;

/** Returns the segment of a key; undefined for another key. */
export function parseSegmentKey(key: string): SegmentRef | undefined {
  const [, day, first, epoch, index] = SEGMENT.exec(key) ?? [];
  return day && epoch ? { day, first: Number(first), epoch, index: Number(index) } : undefined;
}

/** Returns the chunk of a key; undefined for another key. */
export function parseChunkKey(key: string): ChunkRef | undefined {
  const [, epoch, segment, chunk] = CHUNK.exec(key) ?? [];
  return epoch ? { epoch, segment: Number(segment), chunk: Number(chunk) } : undefined;
}

/** Returns the part of a day of a key; undefined for another key. */
export function parseDayPartKey(key: string): DayPartRef | undefined {
  const [, day, part, first] = DAY_PART.exec(key) ?? [];
  return day ? { day, part: Number(part), first: Number(first) } : undefined;
}

/** Returns the row of the key of a state of tracks; undefined for another key. */
export function parseTracksKey(key: string): number | undefined {
  const [, row] = TRACKS.exec(key) ?? [];
  return row === undefined ? undefined : Number(row);
}

/** Returns the epoch and kind of a fence's key; undefined for another key. */
export function parseFenceKey(key: string): { epoch: string; kind: 'open' | 'base' } | undefined {
  const [, epoch, kind] = FENCE.exec(key) ?? [];
  return epoch ? { epoch, kind: kind as 'open' | 'base' } : undefined;
}

/** Returns the position of an object in the log: texts are in its order. */
export function orderOf(ref: SegmentRef | DayPartRef): string {
  return 'epoch' in ref ? segmentName(ref) : `${ref.day}/~${digits(ref.part, 6)}`;
}

/** UTC date of an instant in ms since 1970. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function segmentName({ day, first, epoch, index }: SegmentRef): string {
  return `${day}/${digits(first, 12)}-${expectEpoch(epoch)}-${digits(index, 6)}`;
}

function expectEpoch(text: string): string {
  if (EPOCH.test(text)) return text;
  throw new AppError('INVALID_INPUT', `Expected an epoch, received ${JSON.stringify(text)}`);
}

function digits(value: number, count: number): string {
  if (Number.isSafeInteger(value) && value >= 0 && value < 10 ** count) {
    return String(value).padStart(count, '0');
  }
  throw new AppError('INVALID_INPUT', `Expected a number of ${count} digits, received ${value}`);
}
