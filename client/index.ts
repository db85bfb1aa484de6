export { AppError, ERROR_CODES, type ErrorCode } from '../domain/errors.js';
export type { ExportOptions } from '../domain/export/export-source.js';
export { EXPORT_FORMATS, type ExportFormat } from '../domain/export/formats.js';
export type { JobRequest } from '../domain/job/job-input.js';
export { JOB_STATUSES, type JobStatus } from '../domain/job/job-status.js';
export type { DocumentStore } from '../domain/ports/document-store.js';
export type { ModelRegistry } from '../domain/ports/model-registry.js';
export type { ObjectStore } from '../domain/ports/object-store.js';
export type { Progress, Stage } from '../domain/job/progress.js';
export type { DetectionResult } from '../domain/result/result.js';
export type { JobOutcome } from '../domain/job/activity-contracts.js';
export type { Alert, AlertPage, AlertsOptions } from './alerts/alert-view.js';
export type { Alerts } from './alerts/alerts.js';
export type { AlertChannel } from '../domain/alert/alert-rule.js';
export type { BatchJob } from '../domain/job/batch.js';
export type { Batch } from './batches/batch-view.js';
export type { Batches, BatchPage } from './batches/batches.js';
export type { BatchStartOptions, StartedBatch } from './batches/start-batch.js';
export type { ImageBatchRequest } from '../domain/image-batch/batch-request.js';
export { TABLE_FORMATS, type TableFormat } from '../domain/image-batch/image-batch.js';
export type { DeletedImageBatch } from './image-batches/delete-image-batch.js';
export type { ImageBatch } from './image-batches/image-batch-view.js';
export type { ImageBatches, ImageBatchPage } from './image-batches/image-batches.js';
export type { StartedImageBatch } from './image-batches/start-image-batch.js';
export type { LocalBatchOptions, LocalFile } from './image-batches/upload-images.js';
export type { PrunedJobs, PruneRequest } from '../domain/job/deletion.js';
export type { BuildRequest, BuiltDataset } from '../domain/dataset/build-dataset.js';
export {
  DATASET_TASKS,
  type DatasetItem,
  type DatasetTask,
} from '../domain/dataset/dataset-item.js';
export type { DatasetManifest } from '../domain/dataset/dataset-manifest.js';
export { DATASET_FORMATS, type DatasetFormat } from '../domain/dataset/export-files.js';
export type { Datasets } from './datasets/datasets.js';
export type { ImportOptions, ImportReport } from './datasets/import/import-dataset.js';
export type { DeleteJobOptions, Deletion } from './deletion/delete-job.js';
export type { VidetteClientDeps } from './deps.js';
export type { ErasedImage, EraseOptions } from './erase-image.js';
export type { JobFilter, JobPage, JobPageOptions } from './jobs/job-pages.js';
export type {
  DiffLine,
  DiffOptions,
  DiffSide,
  DiffSummary,
} from '../domain/result/diff/diff-results.js';
export type { ExportStreamOptions } from './results/exports.js';
export type { ClipOptions, ClipRequest } from './renders/clips.js';
export type { ReelOptions, ReelThresholds } from './renders/reels.js';
export type { AwaitRenderOptions, RenderState } from './renders/renders.js';
export type { SpriteState } from './renders/sprites.js';
export type { ListJobsOptions } from './jobs/job-pages.js';
export type {
  FrameCorrection,
  FrameFeedbackPage,
  StoredFrameFeedback,
} from './results/frame-feedback.js';
export type { FrameFeedback } from '../domain/result/frame-feedback.js';
export type { CorrectedObject } from '../domain/result/corrected-objects.js';
export type { PredictionsOptions } from './results/predictions.js';
export { isSkipped, type ResultFrame, type TimedSkip } from '../domain/result/result.js';
export type { ZoneReport } from '../domain/zone/report-zones.js';
export type { ZoneEvent } from '../domain/zone/zone-event.js';
export type { ZoneOrLine } from '../domain/zone/zone.js';
export { DEFAULT_ZONES, type ZoneSet } from '../domain/zone/zone-set.js';
export type { ZonesOrName } from './zones/read-zones.js';
export type { ZoneSets, ZonesOptions } from './zones/zone-sets.js';
export type { DeriveOptions } from './jobs/derive.js';
export type { RerunChanges } from './jobs/rerun.js';
export { lineageQueryOf, type Lineage, type LineageQuery } from './lineage/lineage.js';
export type { DatasetOrigin, DatasetUse, ModelLineage } from '../domain/lineage/lineage.js';
export type { DeletedRescoring } from './rescore/delete-rescoring.js';
export type { Rescoring } from './rescore/rescoring-view.js';
export { type Rescorings, type StartedRescoring } from './rescore/rescorings.js';
export { PAST_KINDS, type RescoreRequest } from '../domain/rescore/rescore-request.js';
export type { RescoreReport } from '../domain/rescore/rescore.js';
export { CASE_ORDERS, type CaseOrder, type RescoreCase } from '../domain/rescore/rescore-case.js';
export type { RetrainingsFilter } from './retrain/list-retrainings.js';
export type { Retraining } from './retrain/retraining-view.js';
export type { RetrainDecision, Retrainings, StartedRetraining } from './retrain/retrainings.js';
export type { ExperimentRequest } from '../domain/experiment/experiment-request.js';
export type { ExperimentReport } from '../domain/experiment/report.js';
export {
  ASSIGNMENT_KEYS,
  type AssignmentKey,
  type Experiment,
  EXPERIMENT_MODES,
  type ExperimentMode,
} from '../domain/experiment/experiment.js';
export type {
  ExperimentChoice,
  ExperimentDetails,
  ExperimentPage,
  Experiments,
} from './experiments/experiments.js';
export { TRAINERS, type RetrainOptions, type Trainer } from '../domain/retrain/retrain-request.js';
export type { ReviewOptions, Reviews } from './reviews/reviews.js';
export type { LoggedPrediction } from '../domain/result/prediction-log.js';
export type { ScheduleInfo } from './schedules/list-schedules.js';
export type { RetrainScheduleRequest, ScheduleRequest } from './schedules/schedule-request.js';
export { OVERLAPS } from './schedules/schedule-times.js';
export type { Schedules } from './schedules/schedules.js';
export type { Camera, CameraList, CameraRequest } from './streams/cameras.js';
export type { StreamChange } from './streams/control.js';
export type { EventPage, EventPageOptions } from './streams/events.js';
export type { CameraMinute, CameraZoneCounts } from './streams/zone-counts.js';
export type { LiveBody } from './streams/live.js';
export type { LiveKind, Streams } from './streams/streams.js';
export type {
  DeployedStream,
  Stream,
  StreamAccount,
  StreamPage,
  StreamResultsOptions,
  Timeline,
  TimelineOptions,
  TimeRange,
} from './streams/types.js';
export { parseSearch, type Search, SEARCH_FORMS } from '../domain/search/parse-search.js';
export type { IndexedJobs, IndexJobsRequest } from '../domain/search/index-request.js';
export type { FoundSighting, SearchOptions, SightingPage } from './search/search.js';
export { isGap, type LogEntry } from '../domain/stream/entry.js';
export { VIDEO_ORDERS } from './types.js';
export type {
  DetectedVideo,
  DetectionOptions,
  Download,
  Downloaded,
  Job,
  JobDetails,
  JobError,
  JobProgress,
  Model,
  ModelPage,
  OnIngest,
  PageOptions,
  ResultOverview,
  SubmitOptions,
  Submitted,
  Video,
  VideoInput,
  VideoPage,
  VideoPageOptions,
} from './types.js';
export {
  ALIAS_CURSOR,
  type AliasChangeOptions,
  type AliasMove,
  type Models,
  type RollbackOptions,
} from './model-aliases.js';
export type { ModelAlias } from '../domain/model/model-alias.js';
export type { AliasHistory } from '../domain/ports/model-aliases.js';
export { MODEL_CURSOR } from './models.js';
export { checkSubmitOptions } from './jobs/submit.js';
export { createVidetteClient, type VidetteClient } from './vidette-client.js';
export type { WatchOptions } from './jobs/watch.js';
