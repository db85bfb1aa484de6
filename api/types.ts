/** Types of responses, for callers of the API. */
export type {
  Job,
  JobDetails,
  JobProgress,
  Model,
  ModelPage,
  ResultOverview,
  Video,
  VideoPage,
} from '../client/types.js';
export type { Alert, AlertPage } from '../client/alerts/alert-view.js';
export type { AlertChannel } from '../domain/alert/alert-rule.js';
export type { FoundSighting, SightingPage } from '../client/search/search.js';
export type { Batch } from '../client/batches/batch-view.js';
export type { BatchPage } from '../client/batches/batches.js';
export type { StartedBatch } from '../client/batches/start-batch.js';
export type { ImageBatch } from '../client/image-batches/image-batch-view.js';
export type { ImageBatchPage } from '../client/image-batches/image-batches.js';
export type { ImportReport } from '../client/datasets/import/import-dataset.js';
export type { Rescoring } from '../client/rescore/rescoring-view.js';
export type { RescoreReport } from '../domain/rescore/rescore.js';
export type { RescoreCase } from '../domain/rescore/rescore-case.js';
export type { Retraining } from '../client/retrain/retraining-view.js';
export type { DatasetManifest } from '../domain/dataset/dataset-manifest.js';
export type { ModelAlias } from '../domain/model/model-alias.js';
export type { AliasHistory } from '../domain/ports/model-aliases.js';
export type { DiffLine, DiffSummary } from '../domain/result/diff/diff-results.js';
export type { Camera } from '../client/streams/cameras.js';
export type { DeployedStream, Stream, StreamPage, Timeline } from '../client/streams/types.js';
export type { EventPage } from '../client/streams/events.js';
export type { LogEntry } from '../domain/stream/entry.js';
export type { StreamRow } from '../domain/stream/row.js';
export type { ZoneReport } from '../domain/zone/report-zones.js';
export type { ZoneEvent } from '../domain/zone/zone-event.js';
export type { ZoneSet } from '../domain/zone/zone-set.js';
export type { ZoneOrLine } from '../domain/zone/zone.js';
export type { CameraTest } from '../domain/stream/camera-test.js';
export type { Parameters } from '../domain/job/job-input.js';
export type { StoredObject } from '../domain/result/detection.js';
export type { JobStatus } from '../domain/job/job-status.js';
export type { FrameRow, ResultHeader, SkippedFrame, TimedSkip } from '../domain/result/result.js';
export type { Problem } from './http/problem.js';
export type { SystemInfo } from './routes/system.js';
