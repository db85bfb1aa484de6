import type { Readable } from 'node:stream';
import { BUCKETS, keys, type Rendering } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { DetectionResult, FrameRow } from '../domain/result/result.js';
import { callTemporal, iterateTemporal } from '../domain/temporal-unavailable.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import { ingestVideo } from './ingest.js';
import type { VidetteClientDeps } from './deps.js';
import { frameJpeg, frameRow } from './results/frames.js';
import { framesByTime, type TimedSkip } from './results/frames-by-time.js';
import {
  type JobPage,
  jobPage,
  type JobPageOptions,
  listJobs,
  type ListJobsOptions,
} from './jobs/job-pages.js';
import { predictions, type PredictionsOptions } from './results/predictions.js';
import { exportStream, type ExportStreamOptions } from './results/exports.js';
import type { ExportFormat } from '../domain/export/formats.js';
import { cancelRender } from './renders/cancel-render.js';
import { cancelJob, getJob } from './jobs/jobs.js';
import { awaitOutcome } from './jobs/outcome.js';
import { playableSource } from './renders/playable-source.js';
import { annotatedVideo, type AwaitRenderOptions, type RenderState } from './renders/renders.js';
import { noResult } from './jobs/runs.js';
import { rerun, type RerunChanges } from './jobs/rerun.js';
import { readResultFrames } from '../domain/result/read-result.js';
import type { ResultFrame } from '../domain/result/result.js';
import { readOverview } from './results/result-overview.js';
import { createSchedules, type Schedules } from './jobs/schedules.js';
import { submit } from './jobs/submit.js';
import type {
  Job,
  JobDetails,
  JobProgress,
  OnBringIn,
  ResultOverview,
  SubmitOptions,
  Submitted,
  VideoInput,
} from './types.js';
import { watch, type WatchOptions } from './jobs/watch.js';

/**
 * Jobs of Vidette, from any program. Waiting continues through restarts of Temporal; other calls throw
 * AppError `SERVER_UNAVAILABLE` if a server does not answer.
 */
export interface VidetteClient {
  /** Brings the video in and starts its job; the same submission again is the same job. */
  submit(video: VideoInput, options?: SubmitOptions): Promise<Submitted>;
  /** Brings a video into the object store only, and resolves with its video_id. */
  upload(
    video: VideoInput,
    options?: { readonly signal?: AbortSignal; readonly onBringIn?: OnBringIn },
  ): Promise<string>;
  /** Progress about twice a second until the job closes. */
  status(eventId: string, options?: WatchOptions): AsyncIterable<JobProgress>;
  /** Waits for the end; throws an AppError with the code and message of a job that failed. */
  result(eventId: string, options?: { readonly signal?: AbortSignal }): Promise<JobOutcome>;
  /** The result object's text as a stream. @throws AppError `JOB_NOT_FOUND` when there is none. */
  resultStream(eventId: string): Promise<Readable>;
  /** The whole result in memory; for long videos take {@link resultStream}. */
  resultJson(eventId: string): Promise<DetectionResult>;
  /** Writes the result object to a file. */
  resultFile(eventId: string, path: string): Promise<void>;
  /** Header and summary of a result, without its frames; undefined when there is none. */
  resultOverview(eventId: string): Promise<ResultOverview | undefined>;
  /** Each frame of a job in order, from the beginning, as it is stored; ends when the job is closed. */
  predictions(eventId: string, options?: PredictionsOptions): AsyncIterable<ResultFrame>;
  /** The frames of a result, then the skipped ones, one after another. */
  resultFrames(eventId: string): AsyncIterable<ResultFrame>;
  /** The frames of a result and the skipped ones together, in the order of the video, with times. */
  framesByTime(eventId: string): AsyncIterable<FrameRow | TimedSkip>;
  /** The stored JPEG of a frame; undefined when the job stored none. */
  frameJpeg(eventId: string, frame: number): Promise<Buffer | undefined>;
  /** What was found in a frame; undefined when it has no row (yet). */
  frameRow(eventId: string, frame: number): Promise<FrameRow | undefined>;
  /** The result in another form, as a stream. @throws AppError `JOB_NOT_FOUND` when there is none. */
  exportStream(
    eventId: string,
    format: ExportFormat,
    options?: ExportStreamOptions,
  ): Promise<Readable>;
  /** The video with its objects drawn in, or how far it is; asked for, it begins to be made. */
  annotatedVideo(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** The job's video as browsers play it: itself, or a preview, which begins to be made. */
  playableSource(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** Ends the making of such a video; false where none is being made. */
  cancelRendering(eventId: string, kind: Rendering): Promise<boolean>;
  job(eventId: string): Promise<JobDetails>;
  jobs(options?: ListJobsOptions): Promise<readonly Job[]>;
  /** Some jobs, searched, with a cursor to those after them. */
  jobPage(options?: JobPageOptions): Promise<JobPage>;
  /** Cancels a job; what it detected is kept. */
  cancel(eventId: string): Promise<JobDetails>;
  rerun(eventId: string, changes?: RerunChanges): Promise<Submitted>;
  readonly schedule: Schedules;
}

/** A client over connections that the caller has made, and closes. */
export function createVidetteClient(deps: VidetteClientDeps): VidetteClient {
  const { objects, temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    submit: (video, options) => call(() => submit(deps, video, options)),
    upload: (video, options) => ingestVideo(deps, video, options),
    status: (eventId, options) => iterateTemporal(temporal, watch(deps, eventId, options)),
    result: (eventId, { signal } = {}) => call(() => awaitOutcome(deps, eventId, signal)),
    resultStream: async (eventId) => objects.getStream(...(await resultAt(objects, eventId))),
    resultJson: async (eventId) => {
      const data = await objects.get(...(await resultAt(objects, eventId)));
      return JSON.parse(data.toString('utf8')) as DetectionResult; // our own writing
    },
    resultFile: async (eventId, path) =>
      objects.getFile(...(await resultAt(objects, eventId)), path),
    resultOverview: (eventId) => readOverview(objects, eventId),
    predictions: (eventId, options) =>
      iterateTemporal(temporal, predictions(deps, eventId, options)),
    resultFrames: (eventId) => readResultFrames(objects, eventId),
    framesByTime: (eventId) => framesByTime(objects, eventId),
    frameJpeg: (eventId, frame) => frameJpeg(objects, eventId, frame),
    frameRow: (eventId, frame) => frameRow(objects, eventId, frame),
    exportStream: (eventId, format, options) =>
      call(() => exportStream(deps, eventId, format, options)),
    annotatedVideo: (eventId, options) => call(() => annotatedVideo(deps, eventId, options)),
    playableSource: (eventId, options) => call(() => playableSource(deps, eventId, options)),
    cancelRendering: (eventId, kind) => call(() => cancelRender(deps, eventId, kind)),
    job: (eventId) => call(() => getJob(deps, eventId)),
    jobs: (options) => call(() => listJobs(deps, options)),
    jobPage: (options) => call(() => jobPage(deps, options)),
    cancel: (eventId) => call(() => cancelJob(deps, eventId)),
    rerun: (eventId, changes) => call(() => rerun(deps, eventId, changes)),
    schedule: createSchedules(deps),
  };
}

async function resultAt(objects: ObjectStore, eventId: string): Promise<[string, string]> {
  const key = keys.result(eventId);
  if (await objects.stat(BUCKETS.results, key)) return [BUCKETS.results, key];
  throw noResult(eventId);
}
