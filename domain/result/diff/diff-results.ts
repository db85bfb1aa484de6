import { AppError } from '../../errors.js';
import type { ModelRef } from '../../model/model-manifest.js';
import type { ObjectStore } from '../../ports/object-store.js';
import { differentOptions, expectComparable } from './comparable.js';
import { createDiffCounter, type DiffCounts } from './diff-counts.js';
import { diffFrames, type DiffRow, isDifferent } from './diff-frames.js';
import { readResultEnds, type ResultEnds } from '../read-result.js';
import { noResult } from '../../job/job-store.js';
import { expectAll } from '../expect-all.js';
import { framesByTime } from '../frames-by-time.js';

export interface DiffOptions {
  /** Minimum confidence of the objects of A, 0 to 1; default: that of its job. */
  readonly confA?: number | undefined;
  readonly confB?: number | undefined;
  /** Omits frames whose objects are the same; the summary counts them. */
  readonly onlyDifferent?: boolean;
  readonly signal?: AbortSignal;
}

/** One of the two compared results. */
export interface DiffSide {
  readonly event_id: string;
  readonly model: ModelRef;
  /** Minimum confidence of its compared objects. */
  readonly conf: number;
}

/** Last line of a diff. */
export interface DiffSummary extends DiffCounts {
  readonly type: 'summary';
  readonly video_id: string;
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Options other than the model that can make objects differ. */
  readonly different_options: readonly string[];
}

export type DiffLine = DiffRow | DiffSummary;

type Reads = Pick<ObjectStore, 'getRange' | 'getStream' | 'stat'>;

export interface Side extends DiffSide {
  readonly ends: ResultEnds;
}

/** Two results that can be compared. */
export interface Comparison {
  readonly a: Side;
  readonly b: Side;
}

/**
 * Compares the results of two jobs of one video, usually of two models: resolves when both can be
 * compared, then yields their frames in the order of the video, and a summary. Holds one frame of
 * each in memory, and the skipped ones.
 * @throws AppError `JOB_NOT_FOUND` if a job has no result, `NOT_COMPARABLE` if the results are not of
 * the same frames, `INVALID_INPUT` for a confidence below that of its job.
 */
export async function diffResults(
  objects: Reads,
  eventIds: { readonly a: string; readonly b: string },
  options: DiffOptions = {},
): Promise<AsyncIterable<DiffLine>> {
  return diffLines(objects, await openComparison(objects, eventIds, options), options);
}

/** Opens both results of a comparison. @throws AppError as {@link diffResults}. */
export async function openComparison(
  objects: Reads,
  eventIds: { readonly a: string; readonly b: string },
  { confA, confB }: Pick<DiffOptions, 'confA' | 'confB'>,
): Promise<Comparison> {
  const [a, b] = await Promise.all([
    openSide(objects, eventIds.a, confA),
    openSide(objects, eventIds.b, confB),
  ]);
  expectComparable(a.ends.header, b.ends.header);
  return { a, b };
}

async function openSide(objects: Reads, eventId: string, conf: number | undefined): Promise<Side> {
  const ends = await readResultEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  const { model, parameters } = ends.header;
  const minimum = parameters.conf;
  if (conf !== undefined && !(conf >= minimum && conf <= 1)) throw badConf(eventId, conf, minimum);
  return { event_id: eventId, model, conf: conf ?? minimum, ends };
}

function badConf(eventId: string, conf: number, minimum: number): AppError {
  return new AppError(
    'INVALID_INPUT',
    `A confidence of ${conf} cannot be compared: the result of job ${eventId} has objects from ${minimum} to 1. Use a value in this range, or run the job again with a lower conf.`,
    { event_id: eventId },
  );
}

/** Yields the lines of a comparison. */
export async function* diffLines(
  objects: Reads,
  { a, b }: Comparison,
  { onlyDifferent = false, signal }: Pick<DiffOptions, 'onlyDifferent' | 'signal'> = {},
): AsyncGenerator<DiffLine> {
  const framesOf = ({ event_id, ends }: Side) => expectAll(framesByTime(objects, event_id), ends);
  const counter = createDiffCounter();
  for await (const row of diffFrames(framesOf(a), framesOf(b), { a: a.conf, b: b.conf })) {
    signal?.throwIfAborted();
    counter.add(row);
    if (!onlyDifferent || row.type === 'skipped' || isDifferent(row)) yield row;
  }
  yield {
    type: 'summary',
    ...{ video_id: a.ends.header.video_id, a: describe(a), b: describe(b) },
    different_options: differentOptions(a.ends.header.parameters, b.ends.header.parameters),
    ...counter.counts(),
  };
}

const describe = ({ ends: _, ...side }: Side): DiffSide => side;
