import type { Readable } from 'node:stream';
import type { ExportFormat } from '../../domain/export/formats.js';
import { frameJpeg } from '../../domain/job/frame-jpeg.js';
import { noResult } from '../../domain/job/job-store.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import {
  type DiffLine,
  type DiffOptions,
  diffResults,
} from '../../domain/result/diff/diff-results.js';
import { framesByTime } from '../../domain/result/frames-by-time.js';
import { readResultFrames } from '../../domain/result/read-result.js';
import type {
  DetectionResult,
  FrameRow,
  ResultFrame,
  TimedSkip,
} from '../../domain/result/result.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { ZoneReport } from '../../domain/zone/report-zones.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import type { VidetteClientDeps } from '../deps.js';
import type { PageOptions, ResultOverview } from '../types.js';
import { exportStream, type ExportStreamOptions } from './exports.js';
import {
  addFrameFeedback,
  type FrameCorrection,
  type FrameFeedbackPage,
  frameFeedbackPage,
  type StoredFrameFeedback,
} from './frame-feedback.js';
import { frameRow } from './frames.js';
import { predictions, type PredictionsOptions } from './predictions.js';
import { readOverview } from './result-overview.js';
import { readZones, type ZonesOrName, zonesOfJob } from '../zones/read-zones.js';

/** What jobs detected. */
export interface ResultMethods {
  /** Streams the result as JSON text. @throws AppError `JOB_NOT_FOUND` if it does not exist. */
  resultStream(eventId: string): Promise<Readable>;
  /** Reads the whole result into memory; for long videos use {@link resultStream}. */
  resultJson(eventId: string): Promise<DetectionResult>;
  /** Writes the result to a file. */
  resultFile(eventId: string, path: string): Promise<void>;
  /** Reads header and summary of a result; undefined if it does not exist. */
  resultOverview(eventId: string): Promise<ResultOverview | undefined>;
  /** Yields each sampled frame in order as soon as it is stored; ends when the job closes. */
  predictions(eventId: string, options?: PredictionsOptions): AsyncIterable<ResultFrame>;
  /** Yields the frames of a result, then the skipped frames. */
  resultFrames(eventId: string): AsyncIterable<ResultFrame>;
  /** Yields the frames of a result and the skipped ones in video order, with timestamps. */
  framesByTime(eventId: string): AsyncIterable<FrameRow | TimedSkip>;
  /**
   * Reports what the tracks of a job did at zones and lines, whose points are shares of the frame, or
   * at those that its video has under a name.
   * @throws AppError `INVALID_INPUT` for invalid zones or a job without tracks; `JOB_NOT_FOUND`,
   * `ZONES_NOT_FOUND`.
   */
  zones(eventId: string, zones: ZonesOrName): Promise<ZoneReport>;
  /** Reads the zones that the video of a job has under a name. @throws AppError `ZONES_NOT_FOUND`. */
  zonesOfJob(eventId: string, name: string): Promise<readonly ZoneOrLine[]>;
  /**
   * Compares the results of two jobs of one video; resolves when they can be compared, then yields
   * their frames in video order and a summary.
   * @throws AppError `JOB_NOT_FOUND`, `NOT_COMPARABLE`, `INVALID_INPUT`.
   */
  diff(a: string, b: string, options?: DiffOptions): Promise<AsyncIterable<DiffLine>>;
  /** Reads the stored JPEG of a frame; undefined if the job stored none. */
  frameJpeg(eventId: string, frame: number): Promise<Buffer | undefined>;
  /** Reads the row of a frame; undefined if it has none (yet). */
  frameRow(eventId: string, frame: number): Promise<FrameRow | undefined>;
  /**
   * Stores the correct objects of a frame, in place of earlier ones of the same person.
   * @throws AppError `JOB_NOT_FOUND`, `FRAME_NOT_FOUND`; `INVALID_INPUT` for a box outside the frame.
   */
  addFrameFeedback(eventId: string, correction: FrameCorrection): Promise<StoredFrameFeedback>;
  /** Returns a page of the feedback on the frames of a job. @throws AppError `JOB_NOT_FOUND`. */
  frameFeedback(eventId: string, options?: PageOptions): Promise<FrameFeedbackPage>;
  /** Streams the result in another format. @throws AppError `JOB_NOT_FOUND` if it has none. */
  exportStream(
    eventId: string,
    format: ExportFormat,
    options?: ExportStreamOptions,
  ): Promise<Readable>;
}

/** Creates the methods for results on connections that the caller owns. */
export function createResultMethods(deps: VidetteClientDeps): ResultMethods {
  const { objects, temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    resultStream: async (eventId) => objects.getStream(...(await resultAt(objects, eventId))),
    resultJson: async (eventId) => {
      const data = await objects.get(...(await resultAt(objects, eventId)));
      return JSON.parse(data.toString('utf8')) as DetectionResult; // written by `assembleResult`
    },
    resultFile: async (eventId, path) =>
      objects.getFile(...(await resultAt(objects, eventId)), path),
    resultOverview: (eventId) => readOverview(objects, eventId),
    predictions: (eventId, options) =>
      iterateTemporal(temporal, predictions(deps, eventId, options)),
    resultFrames: (eventId) => readResultFrames(objects, eventId),
    framesByTime: (eventId) => framesByTime(objects, eventId),
    zones: (eventId, zones) => call(() => readZones(deps, eventId, zones)),
    zonesOfJob: (eventId, name) => zonesOfJob(deps, eventId, name),
    diff: (a, b, options) => diffResults(objects, { a, b }, options),
    frameJpeg: (eventId, frame) => frameJpeg(objects, eventId, frame),
    frameRow: (eventId, frame) => frameRow(objects, eventId, frame),
    addFrameFeedback: (eventId, correction) => addFrameFeedback(deps, eventId, correction),
    frameFeedback: (eventId, options) => frameFeedbackPage(deps, eventId, options),
    exportStream: (eventId, format, options) =>
      call(() => exportStream(deps, eventId, format, options)),
  };
}

async function resultAt(objects: ObjectStore, eventId: string): Promise<[string, string]> {
  const key = keys.result(eventId);
  if (await objects.stat(BUCKETS.results, key)) return [BUCKETS.results, key];
  throw noResult(eventId);
}
