import type { Readable } from 'node:stream';
import { BUCKETS, keys, type RenderKind } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { DetectionResult, FrameRow, ResultFrame, TimedSkip } from '../domain/result/result.js';
import { callTemporal, iterateTemporal } from '../domain/temporal-unavailable.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import { type Alerts, createAlerts } from './alerts/alerts.js';
import { type Batches, createBatches } from './batches/batches.js';
import { createImageBatches, type ImageBatches } from './image-batches/image-batches.js';
import type { PrunedJobs, PruneRequest } from '../domain/job/deletion.js';
import { createExperiments, type Experiments } from './experiments/experiments.js';
import { ingestVideo } from './ingest.js';
import { frameJpeg } from '../domain/job/frame-jpeg.js';
import { createModels, type Models } from './model-aliases.js';
import { listModels } from './models.js';
import { listVideos } from './videos.js';
import { deleteJob, type DeleteJobOptions, type Deletion } from './deletion/delete-job.js';
import { deleteVideo } from './deletion/delete-video.js';
import {
  prunableImageBatches,
  prunableJobs,
  prunableRescorings,
  prunableRetrainings,
  pruneJobs,
} from './deletion/prune-jobs.js';
import { createDatasets, type Datasets } from './datasets/datasets.js';
import type { VidetteClientDeps } from './deps.js';
import { type ErasedImage, eraseImage, type EraseOptions } from './erase-image.js';
import {
  addFrameFeedback,
  type FrameCorrection,
  type FrameFeedbackPage,
  frameFeedbackPage,
  type StoredFrameFeedback,
} from './results/frame-feedback.js';
import { frameRow } from './results/frames.js';
import { framesByTime } from '../domain/result/frames-by-time.js';
import {
  type JobPage,
  jobPage,
  type JobPageOptions,
  listJobs,
  type ListJobsOptions,
} from './jobs/job-pages.js';
import { predictions, type PredictionsOptions } from './results/predictions.js';
import {
  type DiffLine,
  type DiffOptions,
  diffResults,
} from '../domain/result/diff/diff-results.js';
import { exportStream, type ExportStreamOptions } from './results/exports.js';
import type { ExportFormat } from '../domain/export/formats.js';
import { cancelRender } from './renders/cancel-render.js';
import { cancelJob, getJob } from './jobs/jobs.js';
import { awaitOutcome } from './jobs/outcome.js';
import { playableSource } from './renders/playable-source.js';
import {
  cancelReel,
  diffReel,
  type ReelOptions,
  reelStream,
  type ReelThresholds,
} from './renders/reels.js';
import {
  cancelClip,
  clipOfJob,
  type ClipOptions,
  type ClipRequest,
  clipStream,
} from './renders/clips.js';
import { spriteOfJob, type SpriteState } from './renders/sprites.js';
import { annotatedVideo, type AwaitRenderOptions, type RenderState } from './renders/renders.js';
import { noResult } from '../domain/job/job-store.js';
import { derive, type DeriveOptions } from './jobs/derive.js';
import { readZones, type ZonesOrName, zonesOfJob } from './zones/read-zones.js';
import { createZoneSets, type ZoneSets } from './zones/zone-sets.js';
import type { ZoneReport } from '../domain/zone/report-zones.js';
import type { ZoneOrLine } from '../domain/zone/zone.js';
import { rerun, type RerunChanges } from './jobs/rerun.js';
import { readResultFrames } from '../domain/result/read-result.js';
import { readOverview } from './results/result-overview.js';
import { createLineage, type Lineage } from './lineage/lineage.js';
import { createRescorings, type Rescorings } from './rescore/rescorings.js';
import type { IndexedJobs, IndexJobsRequest } from '../domain/search/index-request.js';
import { indexJobs } from './search/index-jobs.js';
import { findSightings, type SearchOptions, type SightingPage } from './search/search.js';
import { createReviews, type Reviews } from './reviews/reviews.js';
import { createRetrainings, type Retrainings } from './retrain/retrainings.js';
import { createSchedules, type Schedules } from './schedules/schedules.js';
import { type CameraList, createCameraList } from './streams/cameras.js';
import { createStreams, type Streams } from './streams/streams.js';
import { checkModelOptions, submit } from './jobs/submit.js';
import type {
  Job,
  JobDetails,
  JobProgress,
  ModelPage,
  OnIngest,
  PageOptions,
  ResultOverview,
  SubmitOptions,
  Submitted,
  VideoInput,
  VideoPage,
  VideoPageOptions,
} from './types.js';
import { createWatch, type WatchOptions } from './jobs/watch.js';

/**
 * Client for jobs. Methods that wait continue through restarts of Temporal; others throw
 * AppError `SERVER_UNAVAILABLE` if a server does not answer.
 */
export interface VidetteClient {
  /** Ingests a video and starts its job; submitting the same again returns the same job. */
  submit(video: VideoInput, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Checks options, their model and its classes, before a video is ingested.
   * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`.
   */
  checkOptions(options: SubmitOptions): Promise<void>;
  /** Ingests a video without starting a job, and returns its video_id. */
  upload(
    video: VideoInput,
    options?: { readonly signal?: AbortSignal; readonly onIngest?: OnIngest },
  ): Promise<string>;
  /** Yields progress twice a second until the job closes. */
  status(eventId: string, options?: WatchOptions): AsyncIterable<JobProgress>;
  /** Waits until the job closes. @throws AppError with the code and message of a failed job. */
  result(eventId: string, options?: { readonly signal?: AbortSignal }): Promise<JobOutcome>;
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
  /**
   * Returns a video of the frames in which two results differ, with the boxes of both, or the progress
   * of its render, which it starts if needed.
   * @throws AppError as {@link diff}; `NO_DIFFERENCE` if no frame differs.
   */
  diffReel(a: string, b: string, options?: ReelOptions): Promise<RenderState>;
  /** Streams the video of {@link diffReel}; waits for its render. */
  reelStream(
    a: string,
    b: string,
    options?: Omit<ReelOptions, 'timeoutMs' | 'start'>,
  ): Promise<Readable>;
  /** Cancels the render of {@link diffReel}; false if none is in progress. */
  cancelReel(a: string, b: string, thresholds?: ReelThresholds): Promise<boolean>;
  /**
   * Returns an MP4 of a span of the video or of a track, or the progress of its render, which it starts
   * if needed. @throws AppError `INVALID_INPUT`, `JOB_NOT_FOUND`.
   */
  clip(eventId: string, options: ClipOptions): Promise<RenderState>;
  /** Streams the MP4 of {@link clip}; waits for its render. */
  clipStream(eventId: string, options: Omit<ClipOptions, 'timeoutMs' | 'start'>): Promise<Readable>;
  /** Cancels the render of {@link clip}; false if none is in progress. */
  cancelClip(eventId: string, request: ClipRequest): Promise<boolean>;
  /** Returns small images of the video, or the progress of their render, which it starts if needed. */
  sprite(eventId: string, options?: AwaitRenderOptions): Promise<SpriteState>;
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
  /** Returns the annotated video, or the progress of its render, which it starts if needed. */
  annotatedVideo(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** Returns a video that browsers play: the source, or a preview, rendered if needed. */
  playableSource(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** Cancels a render; false if none is in progress. */
  cancelRender(eventId: string, kind: RenderKind): Promise<boolean>;
  job(eventId: string): Promise<JobDetails>;
  jobs(options?: ListJobsOptions): Promise<readonly Job[]>;
  /** Returns a page of jobs, filtered, with the cursor of the next page. */
  jobPage(options?: JobPageOptions): Promise<JobPage>;
  /** Returns a page of the models of the catalogue. */
  modelPage(options?: PageOptions): Promise<ModelPage>;
  /** Returns a page of the stored videos. */
  videoPage(options?: PageOptions): Promise<VideoPage>;
  /**
   * Starts a job that filters the detections of a finished job instead of detecting again.
   * @throws AppError `JOB_NOT_FOUND`; the job fails with `INVALID_INPUT` if an option is not narrower.
   */
  derive(eventId: string, options?: DeriveOptions): Promise<Submitted>;
  videoPage(options?: VideoPageOptions): Promise<VideoPage>;
  /** Returns a page of the spans in which a class was detected, over all videos and cameras. */
  findSightings(options?: SearchOptions): Promise<SightingPage>;
  /** Cancels a job and keeps its detections. */
  cancel(eventId: string): Promise<JobDetails>;
  rerun(eventId: string, changes?: RerunChanges): Promise<Submitted>;
  /**
   * Deletes a job and everything that it stored; a running one is cancelled first. The video is kept.
   * @throws AppError `JOB_NOT_FOUND`.
   */
  deleteJob(eventId: string, options?: DeleteJobOptions): Promise<Deletion>;
  /** Deletes a video. @throws AppError `VIDEO_NOT_FOUND`; `VIDEO_IN_USE` while something uses it. */
  deleteVideo(videoId: string): Promise<void>;
  /**
   * Deletes the jobs that ended longer ago than an age, or only their frames; with the jobs also the
   * rescorings that were started, and the batches of images and retrainings that ended longer ago. What
   * runs is kept, and so are the reports of retrainings that published a version.
   */
  pruneJobs(
    request: PruneRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<PrunedJobs>;
  /** Stores the sightings of jobs that ended before this release; can be repeated. */
  indexJobs(
    request?: IndexJobsRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<IndexedJobs>;
  /** Yields the ids of the jobs that {@link pruneJobs} would prune. */
  prunableJobs(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the rescorings that {@link pruneJobs} would remove, unless they run. */
  prunableRescorings(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the batches of images that {@link pruneJobs} would remove, unless they run. */
  prunableImageBatches(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the retrainings that {@link pruneJobs} would remove, unless their model is trained. */
  prunableRetrainings(request: PruneRequest): AsyncIterable<string>;
  /**
   * Erases a kept image, which is never kept again.
   * @throws AppError `IMAGE_NOT_FOUND`; `IMAGE_IN_USE` if data sets use it and it is not forced.
   */
  eraseImage(sha256: string, options?: EraseOptions): Promise<ErasedImage>;
  /** Log of alerts, and tests of their channels. */
  readonly alerts: Alerts;
  readonly models: Models;
  readonly experiments: Experiments;
  readonly datasets: Datasets;
  readonly schedule: Schedules;
  readonly batches: Batches;
  readonly imageBatches: ImageBatches;
  readonly retrainings: Retrainings;
  /** What models and data sets were made from. */
  readonly lineage: Lineage;
  /** Another model over what a model has predicted already. */
  readonly rescorings: Rescorings;
  readonly reviews: Reviews;
  readonly streams: Streams;
  readonly cameras: CameraList;
  /** Named zones and lines of videos. */
  readonly zoneSets: ZoneSets;
}

/** Creates a client on connections that the caller owns. */
export function createVidetteClient(deps: VidetteClientDeps): VidetteClient {
  const { objects, temporal } = deps;
  const watchJob = createWatch(deps);
  const models = createModels(deps);
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    submit: (video, options) => call(() => submit(deps, video, options)),
    checkOptions: (options) => checkModelOptions(deps, options),
    upload: (video, options) => ingestVideo(deps, video, options),
    status: (eventId, options) => iterateTemporal(temporal, watchJob(eventId, options)),
    result: (eventId, { signal } = {}) => call(() => awaitOutcome(deps, eventId, signal)),
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
    zones: (eventId, zones) => call(() => readZones(deps, eventId, zones)),
    zonesOfJob: (eventId, name) => zonesOfJob(deps, eventId, name),
    framesByTime: (eventId) => framesByTime(objects, eventId),
    diff: (a, b, options) => diffResults(objects, { a, b }, options),
    diffReel: (a, b, options) => call(() => diffReel(deps, { a, b }, options)),
    reelStream: (a, b, options) => call(() => reelStream(deps, { a, b }, options)),
    cancelReel: (a, b, thresholds) => call(() => cancelReel(deps, { a, b }, thresholds)),
    clip: (eventId, options) => call(() => clipOfJob(deps, eventId, options)),
    clipStream: (eventId, options) => call(() => clipStream(deps, eventId, options)),
    cancelClip: (eventId, request) => call(() => cancelClip(deps, eventId, request)),
    sprite: (eventId, options) => call(() => spriteOfJob(deps, eventId, options)),
    frameJpeg: (eventId, frame) => frameJpeg(objects, eventId, frame),
    frameRow: (eventId, frame) => frameRow(objects, eventId, frame),
    addFrameFeedback: (eventId, correction) => addFrameFeedback(deps, eventId, correction),
    frameFeedback: (eventId, options) => frameFeedbackPage(deps, eventId, options),
    exportStream: (eventId, format, options) =>
      call(() => exportStream(deps, eventId, format, options)),
    annotatedVideo: (eventId, options) => call(() => annotatedVideo(deps, eventId, options)),
    playableSource: (eventId, options) => call(() => playableSource(deps, eventId, options)),
    cancelRender: (eventId, kind) => call(() => cancelRender(deps, eventId, kind)),
    job: (eventId) => call(() => getJob(deps, eventId)),
    jobs: (options) => call(() => listJobs(deps, options)),
    jobPage: (options) => call(() => jobPage(deps, options)),
    modelPage: (options) => listModels(deps, options),
    videoPage: (options) => listVideos(deps, options),
    findSightings: (options) => findSightings(deps, options),
    cancel: (eventId) => call(() => cancelJob(deps, eventId)),
    derive: (eventId, options) => call(() => derive(deps, eventId, options)),
    rerun: (eventId, changes) => call(() => rerun(deps, eventId, changes)),
    deleteJob: (eventId, options) => call(() => deleteJob(deps, eventId, options)),
    deleteVideo: (videoId) => call(() => deleteVideo(deps, videoId)),
    pruneJobs: (request, { signal } = {}) => call(() => pruneJobs(deps, request, signal)),
    indexJobs: (request = { all: false }, { signal } = {}) =>
      call(() => indexJobs(deps, request, signal)),
    prunableJobs: (request) => prunableJobs(deps, request),
    prunableRescorings: (request) => prunableRescorings(deps, request),
    prunableImageBatches: (request) => prunableImageBatches(deps, request),
    prunableRetrainings: (request) => prunableRetrainings(deps, request),
    eraseImage: (sha256, options) => call(() => eraseImage(deps, sha256, options)),
    alerts: createAlerts(deps),
    models,
    experiments: createExperiments({
      ...deps,
      promote: (name, move) => models.promote(name, move),
    }),
    datasets: createDatasets(deps),
    schedule: createSchedules(deps),
    batches: createBatches(deps),
    imageBatches: createImageBatches(deps),
    retrainings: createRetrainings(deps),
    lineage: createLineage(deps),
    rescorings: createRescorings(deps),
    reviews: createReviews(deps),
    streams: createStreams(deps),
    cameras: createCameraList(deps),
    zoneSets: createZoneSets(deps),
  };
}

async function resultAt(objects: ObjectStore, eventId: string): Promise<[string, string]> {
  const key = keys.result(eventId);
  if (await objects.stat(BUCKETS.results, key)) return [BUCKETS.results, key];
  throw noResult(eventId);
}
