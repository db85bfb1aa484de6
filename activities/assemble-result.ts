import { Readable } from 'node:stream';
import { log } from '@temporalio/activity';
import { AppError } from '../domain/errors.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { EventDocument } from '../domain/job/event.js';
import type { Part } from '../domain/result/part.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { searchableClasses } from '../domain/result/searchable-classes.js';
import type { ResultHeader, ResultSummary } from '../domain/result/result.js';
import type { AssembleInput, Assembled } from '../domain/job/activity-contracts.js';
import { type Beat, withHeartbeat } from './heartbeat.js';
import { indexResult } from './index-result.js';
import type { PlanReader } from './plan-reader.js';
import { missingSpans, partsInOrder } from './parts-in-order.js';
import { createRowTracker, tracksInOrder } from './stored-tracks.js';

export interface AssembleResultDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly plans: PlanReader;
}

/** Number of classes whose objects Temporal's Web UI shows. */
const TOP_CLASSES = 5;

/** Totals over the parts that are streamed. */
interface Totals {
  frames: number;
  inferred: number;
  skipped: number;
  objects: number;
  readonly byClass: Map<string, number>;
  /** Number of tracks of each class; undefined for a job without tracks. */
  readonly tracks: Map<string, number> | undefined;
  readonly missing: number[];
  readonly withSkipped: number[];
}

/**
 * Streams the parts into the result object, checks that every sampled frame is accounted for, and
 * stores the sightings of the result.
 */
export async function assembleResult(
  { objects, documents, plans }: AssembleResultDeps,
  input: AssembleInput,
): Promise<Assembled> {
  const plan = await plans.read(input.plan_key);
  if (input.status === 'ready') {
    const fields = { status: 'predictable', frames_total: plan.sampled_frames } as const;
    await documents.updateEvent(input.event_id, input.first_run_id, fields);
  }
  const totals = newTotals(hasTracks(plan, input));
  await withHeartbeat(async (beat) => {
    const text = resultText(objects, plan, input, totals, beat);
    const contentType = 'application/json';
    const body = Readable.from(text, { objectMode: false });
    await objects.putStream(BUCKETS.results, keys.result(input.event_id), body, { contentType });
  });
  const { event_id, first_run_id } = input;
  const classes = classesOf(totals);
  if (await documents.updateEvent(event_id, first_run_id, { classes })) {
    const update = (fields: Partial<EventDocument>) =>
      documents.updateEvent(event_id, first_run_id, fields);
    const indexing = { plan, job: input, update };
    await withHeartbeat((beat) => indexResult({ objects, documents }, indexing, beat));
  }
  const { frames, skipped, objects: found } = totals;
  log.info('result written', { event: input.event_id, frames, skipped, objects: found });
  const top_classes = byCountOf(totals.byClass).slice(0, TOP_CLASSES);
  return { frames, skipped, objects: found, classes: searchableClasses(classes), top_classes };
}

function newTotals(isTracked: boolean): Totals {
  const counts = { frames: 0, inferred: 0, skipped: 0, objects: 0 };
  const tracks = isTracked ? new Map<string, number>() : undefined;
  return { ...counts, byClass: new Map(), tracks, missing: [], withSkipped: [] };
}

/** A cancelled job has no tracks, because it may lack ranges. */
function hasTracks({ parameters }: VideoPlan, { status }: AssembleInput): boolean {
  return parameters.tracking === true && status === 'ready';
}

/** The result's JSON, one frame a line, in pieces; it is never whole in memory. */
async function* resultText(
  store: ObjectStore,
  plan: VideoPlan,
  input: AssembleInput,
  totals: Totals,
  { signal, report }: Beat,
): AsyncGenerator<string> {
  yield `${JSON.stringify(headerOf(plan, input), null, 2).slice(0, -2)},\n  "frames": [`;
  let separator = '\n    ';
  const tracker = totals.tracks && createRowTracker(store, plan);
  for await (const [range, part] of partsInOrder(store, plan)) {
    signal.throwIfAborted();
    count(totals, range, part);
    const lines: string[] = [];
    for (const row of part?.rows ?? []) {
      lines.push(JSON.stringify(tracker ? await tracker.add(row) : row));
    }
    if (lines.length > 0) yield separator + lines.join(',\n    ');
    if (lines.length > 0) separator = ',\n    ';
    report({ frames: totals.frames });
  }
  checkComplete(plan, input, totals);
  yield '\n  ],\n  "skipped": [';
  yield* skippedText(store, plan, totals.withSkipped);
  const unprocessed = input.status === 'cancelled' && {
    unprocessed: missingSpans(plan, totals.missing),
  };
  yield '],\n';
  if (totals.tracks) yield* tracksText(store, plan, totals.tracks);
  const tail = { ...unprocessed, summary: summaryOf(plan, totals) };
  yield `${JSON.stringify(tail, null, 2).slice(2)}\n`;
}

/** The list of tracks, one a line, which are counted by class. */
async function* tracksText(store: ObjectStore, plan: VideoPlan, byClass: Map<string, number>) {
  yield '  "tracks": [';
  let separator = '\n    ';
  for await (const track of tracksInOrder(store, plan)) {
    byClass.set(track.class, (byClass.get(track.class) ?? 0) + 1);
    yield separator + JSON.stringify(track);
    separator = ',\n    ';
  }
  yield byClass.size > 0 ? '\n  ],\n' : '],\n';
}

/** Reads only the ranges with skipped frames a second time. */
async function* skippedText(store: ObjectStore, plan: VideoPlan, ranges: readonly number[]) {
  let separator = '\n    ';
  for await (const [, part] of partsInOrder(store, plan, ranges)) {
    yield separator + part!.skipped.map((skipped) => JSON.stringify(skipped)).join(',\n    ');
    separator = ',\n    ';
  }
  if (ranges.length > 0) yield '\n  ';
}

function headerOf(plan: VideoPlan, input: AssembleInput): ResultHeader {
  return {
    event_id: input.event_id,
    video_id: input.video_id,
    status: input.status,
    ...(input.rerun_of && { rerun_of: input.rerun_of }),
    video: { ...plan.source, ...plan.video },
    model: plan.model,
    device: input.device,
    parameters: plan.parameters,
    created_at: input.created_at,
  };
}

function count(totals: Totals, range: number, part: Part | undefined): void {
  if (!part) {
    totals.missing.push(range);
    return;
  }
  totals.frames += part.rows.length;
  totals.inferred += part.rows.filter((row) => row.same_as === undefined).length;
  totals.skipped += part.skipped.length;
  if (part.skipped.length > 0) totals.withSkipped.push(range);
  for (const object of part.rows.flatMap((row) => row.objects)) {
    totals.objects++;
    totals.byClass.set(object.class, (totals.byClass.get(object.class) ?? 0) + 1);
  }
}

function checkComplete(plan: VideoPlan, input: AssembleInput, totals: Totals): void {
  const accounted = totals.frames + totals.skipped;
  if (input.status === 'cancelled' || accounted === plan.sampled_frames) return;
  throw new AppError(
    'INCOMPLETE_RESULT',
    `${accounted} of ${plan.sampled_frames} sampled frames are accounted for (ranges without a part: ` +
      `${totals.missing.join(', ') || 'none'}). Run the job again with a new event.`,
    { event_id: input.event_id },
  );
}

/** Returns the detected classes, the most frequent first. */
function classesOf({ byClass }: Totals): string[] {
  return byCountOf(byClass).map(([name]) => name);
}

function byCountOf(byClass: ReadonlyMap<string, number>) {
  return [...byClass].sort(([, a], [, b]) => b - a);
}

function summaryOf(plan: VideoPlan, totals: Totals): ResultSummary {
  return {
    frames: totals.frames,
    ...(plan.parameters.still !== false && { inferred: totals.inferred }),
    skipped: totals.skipped,
    objects: totals.objects,
    objects_by_class: Object.fromEntries(byCountOf(totals.byClass)),
    ...(totals.tracks && { tracks_by_class: Object.fromEntries(byCountOf(totals.tracks)) }),
    warnings: plan.warnings,
  };
}
